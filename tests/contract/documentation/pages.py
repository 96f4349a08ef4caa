"""Which documents have which parts made."""

from pathlib import Path

from handlers.wire.contract import Contract
from tests.contract.documentation import clients, errors
from tests.contract.documentation.markdown import filled_in
from tests.contract.documentation.settings import settings

ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"
ERRORS = ROOT / "docs" / "errors.md"
CLIENTS = ROOT / "docs" / "clients.md"


def pages(contract: Contract) -> dict[Path, str]:
    """Each document as it should be."""
    tables = {dialect: errors.codes(contract, dialect) for dialect in contract.dialects}
    tables |= {"dialects": errors.dialects(contract), "faults": errors.faults(contract)}
    programs = {"overview": clients.overview(), "sections": clients.sections()}
    parts = {README: {"settings": settings()}, ERRORS: tables, CLIENTS: programs}
    return {file: filled_in(file.read_text(encoding="utf-8"), made) for file, made in parts.items()}


def stale(contract: Contract) -> list[Path]:
    """The documents that say something else than they should."""
    return [file for file, text in pages(contract).items() if file.read_text("utf-8") != text]
