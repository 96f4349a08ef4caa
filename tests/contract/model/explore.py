"""Exploring: how often the machine runs, for how long, and from which seed."""

import os
from collections.abc import Callable
from enum import Enum

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.stateful import run_state_machine_as_test

from tests.contract.model.machine import Machine
from tests.contract.model.stage import Stage

STEPS = 30
# Hypothesis as it is, under another name: under its own, five of six runs are the one before with
# a step or two made alike.
AVAILABLE_PROVIDERS["fresh"] = f"{HypothesisProvider.__module__}.{HypothesisProvider.__name__}"
SEED = int(os.environ.get("MODEL_SEED", "1"))


class Form(Enum):
    """How many runs on SQLite and PostgreSQL, and how many of the planted faults are tried."""

    LONG = (1_500, 500, 18)
    SHORT = (60, 40, 3)

    @classmethod
    def asked(cls) -> "Form":
        """The form that MODEL_FORM names; the short one where it is silent."""
        return cls[os.environ.get("MODEL_FORM", "short").upper()]

    def runs(self, url: str) -> int:
        """How many runs on a database."""
        return self.value[0] if url.startswith("sqlite:") else self.value[1]


def explore(stage: Stage, runs: int, *phases: Phase) -> None:
    """Run the machine that often; raises what the first disagreement raised."""
    make: Callable[[], Machine] = seed(SEED)(lambda: Machine(stage))
    limits = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        backend="fresh",
        phases=phases,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(make, settings=limits)
