"""What schemathesis.toml relaxes: what is named here, and nothing else."""

import tomllib
from typing import Any

import pytest

from tests.contract.fuzz.report import relaxations
from tests.contract.fuzz.run import SETTINGS

# What an operation may answer to a request of the right form that means nothing here.
CURSORS, INSTANTS, VERSIONS = {"400"}, {"400", "422"}, {"400", "412", "422"}
ALWAYS = {"2xx", "401", "403", "404", "409", "429"}
MAY_REFUSE = {
    ("listProjects", "listTokens", "listProjectEvents", "listEvents"): CURSORS,
    ("createProjectApiToken", "createProjectToken"): INSTANTS,
    ("updateToken", "rotateToken"): VERSIONS,
}


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


def test_only_what_a_form_cannot_say_may_be_refused(settings: dict[str, Any]) -> None:
    """Cursors, instants, networks, versions and keys may be wrong in a right form."""
    told = {}
    for entry in settings["operations"]:
        if entry["include-operation-id"] != "forwardAuth":
            (rule,) = entry["checks"].items()
            assert rule[0] == "positive_data_acceptance"
            told[tuple(entry["include-operation-id"])] = set(rule[1]["expected-statuses"]) - ALWAYS
    assert told == MAY_REFUSE


def test_every_relaxation_has_its_reason() -> None:
    """The report names each with the sentence that stands above it."""
    told = dict(relaxations())
    assert len(told) == 3
    assert all(reason.endswith(".") and setting for reason, setting in told.items())
