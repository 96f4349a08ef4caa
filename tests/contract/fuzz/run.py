"""One run of Schemathesis as one caller."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from handlers.wire.contract import contract
from tests.contract.fuzz.callers import Cast
from tests.contract.fuzz.target import Target
from tests.live import ROOT, environment

SETTINGS = ROOT / "schemathesis.toml"
REPORTS = ROOT / "build" / "schemathesis"
MINUTES = 10
# How often a path parameter is one that exists.
KNOWN = 0.8
FATAL = ("revokeSelf", "rotateSelf")


@dataclass(frozen=True)
class Outcome:
    """What a run found: Schemathesis' JSON report, its exit code and text, and our own counts."""

    target: str
    cast: Cast
    code: int
    text: str
    report: dict[str, Any]
    answers: list[tuple[str, bool, int, int]]

    @property
    def cases(self) -> int:
        """How many test cases were made."""
        return int(self.report["test_cases"]["generated"])

    @property
    def permitted(self) -> set[str]:
        """The operations that the contract lets the caller do."""
        return {name for name, entry in contract.operations.items() if self.cast.permits(entry)}

    def accepted(self, *, abroad: bool = False) -> set[str]:
        """The operations that answered 2xx, at home or abroad."""
        return {
            name for name, where, status, _ in self.answers if (where, status // 100) == (abroad, 2)
        }


def fuzz(target: Target, cast: Cast, examples: int, *options: str) -> Outcome:
    """Fuzz a target with more options of Schemathesis' own.

    The reports hold no secrets, and what does is removed again.
    """
    report = REPORTS / f"{target.name}-{cast.role}.json"
    with TemporaryDirectory() as name:
        settings, answers = _settings(cast, folder := Path(name)), folder / "answers.json"
        run = subprocess.run(
            [*_command(settings, target.url, examples, report), *_sparing(cast), *options],
            cwd=ROOT,
            env=environment()
            | {"SCHEMATHESIS_HOOKS": "tests.contract.fuzz.hooks", "FUZZ_ANSWERS": str(answers)}
            | {"FUZZ_SPARED": json.dumps(cast.spared), "FUZZ_ABROAD": cast.abroad},
            capture_output=True,
            text=True,
            timeout=MINUTES * 60,
            check=False,
        )
        text = run.stdout + run.stderr
        assert report.exists(), text
        counted = [tuple(row) for row in json.loads(answers.read_text())]
    return Outcome(target.name, cast, run.returncode, text, json.loads(report.read_text()), counted)


def _command(settings: Path, url: str, examples: int, report: Path) -> list[str]:
    REPORTS.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    return [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings)),
        *("run", "openapi.yaml", "--url", url, "--max-examples", str(examples), "--no-color"),
        *("--report", "junit,json", "--report-junit-path", str(report.with_suffix(".xml"))),
        *("--report-json-path", str(report)),
    ]


def _sparing(cast: Cast) -> list[str]:
    """Options that leave out what would end the caller, if it has a token that can end."""
    left_out = FATAL if cast.credentials else ()
    return [part for name in left_out for part in ("--exclude-operation-id", name)]


def _settings(cast: Cast, folder: Path) -> Path:
    """The settings for everybody, and those of one caller."""
    (folder / "callers.json").write_text(json.dumps(_credentials(cast)))
    file = folder / "schemathesis.toml"
    file.write_text("\n".join([SETTINGS.read_text(), *_caller(cast, folder), *_words(cast), ""]))
    return file


def _credentials(cast: Cast) -> dict[str, Any]:
    """The credentials as a Web Fuzzing Commons document."""
    header = "Authorization"
    return {
        "auth": [
            {"name": name, "fixedHeaders": [{"name": header, "value": f"Bearer {token}"}]}
            for name, token in cast.credentials.items()
        ]
    }


def _caller(cast: Cast, folder: Path) -> Iterator[str]:
    """TOML: who calls, and whose objects must stay hidden from whom. JSON strings are TOML's."""
    names = list(cast.credentials)
    if names:
        yield "[auth.wfc]"
        yield f"path = {json.dumps(str(folder / 'callers.json'))}"
        yield f"user = {json.dumps(names[0])}"
    if len(names) > 1:
        yield f"peers = {json.dumps(names)}"


def _words(cast: Cast) -> Iterator[str]:
    """TOML: the values that path parameters mostly take."""
    for name, values in cast.words.items():
        yield f"[dictionaries.{name}]"
        yield f"values = {json.dumps(values)}"
    yield "[parameters]"
    for name in cast.words:
        yield f'"path.{name}" = {{ dictionary = "{name}", probability = {KNOWN} }}'
