"""Documents say what the contract and the settings say, and nobody has to remember it."""

from pathlib import Path

import pytest

from handlers.wire.contract import FILE, Contract, contract
from handlers.wire.faults import SHAPES
from tests.contract.documentation import errors
from tests.contract.documentation.markdown import filled_in
from tests.contract.documentation.pages import ERRORS, README, stale

LONGEST = 110


def test_the_documents_are_up_to_date() -> None:
    """docs/errors.md and the settings of README.md are what `make docs` writes."""
    assert stale(contract) == [], "run make docs"


def test_a_change_of_the_contract_makes_the_errors_stale(tmp_path: Path) -> None:
    """Another status, code or cure is noticed; the settings are not of the contract."""
    changed = tmp_path / "openapi.yaml"
    for before, after in (("409", "418"), ("NameExistsError", "NameError"), ("Send less.", "Go.")):
        changed.write_text(FILE.read_text().replace(before, after))
        assert stale(Contract(changed)) == [ERRORS]


def test_a_part_that_is_missing_is_noticed() -> None:
    """A document without the markers of a part cannot pass for an up-to-date one."""
    with pytest.raises(AssertionError, match="settings"):
        filled_in(README.read_text().replace("<!-- settings -->", ""), {"settings": ""})


@pytest.mark.parametrize("row", contract.document["x-faults"])
def test_every_fault_has_a_cause_and_a_cure(row: str) -> None:
    """Both are short sentences that fit into a cell of a table."""
    for column in ("cause", "cure"):
        text = contract.document["x-faults"][row][column]
        assert text.endswith(".")
        assert len(text) <= LONGEST
        assert not {"|", "\n"} & set(text)


def test_every_code_of_the_documents_is_listed() -> None:
    """The 19 codes of share stand in the order of the document, also those that are never sent."""
    lines = errors.codes(contract, "share").splitlines()[2:]
    documented = contract.document["components"]["schemas"]["ShareErrorCode"]["enum"]
    assert [line.split("`")[1] for line in lines] == documented
    assert sum(errors.RESERVED in line for line in lines) == 7


@pytest.mark.parametrize("dialect", SHAPES)
def test_every_fault_is_found_by_its_code(dialect: str) -> None:
    """The index of each dialect leads to every fault that the dialect can tell."""
    told = {row for row, cells in contract.document["x-faults"].items() if dialect in cells}
    index = errors.codes(contract, dialect)
    assert all(f"`{row}`" in index for row in told)
