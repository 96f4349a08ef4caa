"""The examples of README.md as a script: commands, and the answers that they should have."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.live import ROOT

README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VOLATILE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{56,64}|jeton_(?:root|project)_\w+|\b17\d{11}\b|\b18\d{11}\b"
)


def examples() -> Iterator[tuple[str, str]]:
    """Each command of the README with the answer that stands below it."""
    for block in BLOCK.findall(README.read_text()):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = part.partition("\n")
            while command.endswith("\\"):
                more, _, answer = answer.partition("\n")
                command = f"{command[:-1]}{more.strip()}"
            yield command, answer.strip()


def run(command: str, folder: Path) -> str:
    """What a command prints."""
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.strip()


def steady(text: str) -> str:
    """A text without what differs from run to run."""
    return VOLATILE.sub("...", text)


def learned(expected: str, actual: str) -> dict[str, str]:
    """Which value of the README stands for which value of this run."""
    pairs = zip(VOLATILE.findall(expected), VOLATILE.findall(actual), strict=False)
    return dict(pairs)


def parsed(text: str) -> Any:
    """The text as JSON where it is JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text
