"""What schemathesis.toml relaxes: three things, and nothing else."""

import tomllib
from typing import Any

import pytest

from tests.contract.fuzz.report import relaxations
from tests.contract.fuzz.run import SETTINGS

ACCEPTED = ["2xx", "400", "401", "403", "404", "409", "429"]
ALLOWED_TO_REFUSE = {"listProjects", "createProjectApiToken", "createProjectToken"}


@pytest.fixture
def settings() -> dict[str, Any]:
    """The settings that every run begins with."""
    return tomllib.loads(SETTINGS.read_text())


def test_only_guessed_links_are_off(settings: dict[str, Any]) -> None:
    """No check and no phase is switched off; links are followed as the contract has them."""
    assert "checks" not in settings
    assert settings["phases"] == {"stateful": {"inference": {"algorithms": []}}}


def test_only_the_gate_takes_every_method(settings: dict[str, Any]) -> None:
    """One operation answers methods that the contract does not list: gateways send them."""
    (gate,) = (e for e in settings["operations"] if e["include-operation-id"] == "forwardAuth")
    assert gate["checks"] == {"unsupported_method": {"enabled": False}}


def test_only_cursors_and_instants_may_be_wrong_in_a_right_form(settings: dict[str, Any]) -> None:
    """Three operations may answer 400 to what their schema lets through."""
    relaxed = set()
    for entry in settings["operations"]:
        ids = entry.pop("include-operation-id")
        if ids == "forwardAuth":
            continue
        relaxed |= {ids} if isinstance(ids, str) else set(ids)
        assert entry == {"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}}
    assert relaxed == ALLOWED_TO_REFUSE


def test_every_relaxation_has_its_reason() -> None:
    """The report names each with the sentence that stands above it."""
    told = dict(relaxations())
    assert len(told) == 4
    assert all(reason.endswith(".") and setting for reason, setting in told.items())
