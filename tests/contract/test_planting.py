"""Faults that the long forms plant: none of them may name what is gone, or nothing is planted."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.contract.model.planted import FAULTS
from tests.contract.planted.test_planted import FOUND
from tests.live import environment
from tests.planting import named


def plant(*planting: Callable[[], None]) -> "subprocess.CompletedProcess[str]":
    """Start a process that plants these before it does nothing."""
    return subprocess.run(
        [sys.executable, "-c", ""],
        env=environment(PLANTED=named(*planting)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("faults", [FAULTS, tuple(FOUND)], ids=["model", "suites"])
def test_every_fault_can_be_planted(faults: tuple[Callable[[], None], ...]) -> None:
    """A process that plants them all starts."""
    done = plant(*faults)
    assert done.returncode == 0, done.stderr


def no_fault() -> None:
    """Names what is not there."""
    raise AttributeError


def test_what_cannot_be_planted_ends_the_process() -> None:
    """Without the fault nothing would be found, and for the wrong reason."""
    done = plant(no_fault)
    assert done.returncode == 1
    assert "AttributeError" in done.stderr
