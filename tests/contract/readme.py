"""The examples of a document as a script: commands, and the answers that they should have."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.live import ROOT, ROOT_TOKEN, Server

README = ROOT / "README.md"
SHOWN_URL = "http://127.0.0.1:8080"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VOLATILE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{56,64}|jeton_(?:root|project)_\w+"
    r"|\b1[78]\d{11}\b|\b1[78]\d{8}\b"
)


def examples(document: Path) -> Iterator[tuple[str, str]]:
    """Each command of a document with the answer that stands below it."""
    for block in BLOCK.findall(document.read_text()):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = part.partition("\n")
            while command.endswith("\\"):
                more, _, answer = answer.partition("\n")
                command = f"{command[:-1]}{more.strip()}"
            yield command, answer.strip()


def replay(document: Path, server: Server) -> int:
    """Run the commands of a document, compare what they print, and answer how many there are.

    Ids, secrets and times may differ, and what a command printed is what the next ones use.
    """
    values = {SHOWN_URL: server.url, "$ROOT": ROOT_TOKEN}
    shown = list(examples(document))
    for command, expected in shown:
        for said, real in values.items():
            command = command.replace(said, real)
        actual = run(command, server.folder).replace(server.url, SHOWN_URL)
        assert parsed(steady(actual)) == parsed(steady(expected)), command
        values |= learned(expected, actual)
    return len(shown)


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
    """Which value of the document stands for which value of this run."""
    pairs = zip(VOLATILE.findall(expected), VOLATILE.findall(actual), strict=False)
    return dict(pairs)


def parsed(text: str) -> Any:
    """The text as JSON where it is JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text
