"""Targets, and the outcomes that make the report."""

from collections.abc import Iterator

import pytest

from tests.contract.fuzz import report
from tests.contract.fuzz.run import Outcome
from tests.contract.fuzz.target import TARGETS, Target, open_target


@pytest.fixture(scope="package", params=TARGETS)
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Target]:
    """A live server on each database, or the deployment that URL names."""
    with open_target(request.param, tmp_path_factory.mktemp(request.param)) as opened:
        yield opened


@pytest.fixture(scope="package")
def outcomes() -> Iterator[list[Outcome]]:
    """The outcomes of all runs; the report is written in the end."""
    collected: list[Outcome] = []
    yield collected
    report.write(collected)
    print("", *report.table(collected), f"The whole report: {report.FILE}", sep="\n")
