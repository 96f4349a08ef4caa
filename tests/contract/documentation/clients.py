"""The parts of docs/clients.md, from the generators and programs that `make clients` runs."""

from pathlib import Path

from tests.clients.generators import GENERATORS, Generator
from tests.contract.documentation.markdown import table

# What a user writes who wants the life of a token; the other programs are about errors.
SHOWN = ("connection", "life")
LANGUAGES = {".py": "python", ".ts": "ts", ".go": "go"}


def overview() -> str:
    """Each client with how much of it a user writes."""
    rows = [[one.title, str(_length(one)), f"[{one.name}]({_folder(one)})"] for one in GENERATORS]
    return table(["client", "lines that you write", "programs"], rows)


def sections() -> str:
    """For each client the line that makes it and the programs of a token's life."""
    return "\n\n".join(_section(generator) for generator in GENERATORS)


def _section(generator: Generator) -> str:
    programs = "\n\n".join(_program(file) for file in _shown(generator))
    return f"## {generator.title}\n\n```sh\n{generator.generate}\n```\n\n{programs}"


def _program(file: Path) -> str:
    code = file.read_text(encoding="utf-8").rstrip()
    return f"`{file.name}`:\n\n```{LANGUAGES[file.suffix]}\n{code}\n```"


def _shown(generator: Generator) -> list[Path]:
    files = sorted(generator.programs.iterdir())
    return [file for file in files if file.stem in SHOWN and file.suffix in LANGUAGES]


def _length(generator: Generator) -> int:
    lines = (line for file in _shown(generator) for line in file.read_text("utf-8").splitlines())
    return sum(bool(line.strip()) for line in lines)


def _folder(generator: Generator) -> str:
    return f"../tests/clients/{generator.name}"
