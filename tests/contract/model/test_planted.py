"""The model can fail: faults that are planted into a server are found."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase
from hypothesis.errors import Flaky

from tests.contract.model.explore import Form, explore
from tests.contract.model.planted import FAULTS
from tests.contract.model.stage import staged

RUNS = 1_000
TRIED = FAULTS[: Form.asked().value[2]]


@pytest.mark.model
@pytest.mark.parametrize("fault", TRIED)
def test_a_planted_fault_is_found(fault: Callable[[], None], tmp_path: Path) -> None:
    """The machine disagrees with a server that has a fault, within a thousand runs."""
    url = f"sqlite:///{tmp_path / 'jeton.db'}"
    with staged(url, tmp_path, fault) as stage:
        with pytest.raises((AssertionError, Flaky)):
            explore(stage, RUNS, Phase.generate)
        found = f"run {stage.disagreed} after {stage.wire.sent} requests"
        print(f"\n{fault.__name__}: found in {found}")
