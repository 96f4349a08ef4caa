"""The parts of docs/clients.md, from the generators and programs that `make clients` runs."""

from collections.abc import Sequence
from pathlib import Path

from tests.clients.generators import GENERATORS, Generator
from tests.contract.documentation.markdown import table

PROGRAMS = ("connection", "life", "verification", "refusals", "limits")
# What a user writes who wants the life of a token; the others are a click away.
SHOWN = PROGRAMS[:2]
LANGUAGES = {".py": "python", ".ts": "ts", ".go": "go"}


def overview() -> str:
    """Each client with the programs that a user writes, and how long they are."""
    return table(["client", *PROGRAMS], [_row(generator) for generator in GENERATORS])


def sections() -> str:
    """For each client the line that makes it and the programs of a token's life."""
    return "\n\n".join(_section(generator) for generator in GENERATORS)


def _row(generator: Generator) -> list[str]:
    lengths = [_length(file) for file in _files(generator, PROGRAMS)]
    return [f"[{generator.title}](../tests/clients/{generator.name})", *lengths]


def _section(generator: Generator) -> str:
    programs = "\n\n".join(_program(file) for file in _files(generator, SHOWN))
    return f"## {generator.title}\n\n```sh\n{generator.generate}\n```\n\n{programs}"


def _program(file: Path) -> str:
    code = file.read_text(encoding="utf-8").rstrip()
    return f"`{file.name}`:\n\n```{LANGUAGES[file.suffix]}\n{code}\n```"


def _files(generator: Generator, programs: Sequence[str]) -> list[Path]:
    """The files of the programs, each there once, in their order."""
    files = {file.stem: file for file in generator.programs.iterdir() if file.suffix in LANGUAGES}
    return [files[program] for program in programs]


def _length(file: Path) -> str:
    lines = sum(bool(line.strip()) for line in file.read_text(encoding="utf-8").splitlines())
    return f"{lines} lines"
