"""Schemathesis against a live server, as every kind of caller: all checks, all phases.

The relaxations stand in schemathesis.toml, each with its reason. Run by `make contract-fuzz`;
FORM=short makes fewer examples. URL and TOKEN name a deployment to fuzz instead.
"""

import os

import pytest

from tests.actors import Caller
from tests.contract.fuzz.callers import CALLERS, Cast, cast, itself
from tests.contract.fuzz.run import FATAL, Outcome, fuzz
from tests.contract.fuzz.target import Target

SHORT = os.environ.get("FORM") == "short"
# Test cases for an operation in the fuzzing phase; the others make as many as the inputs have.
EXAMPLES = 5 if SHORT else 100
EXAMPLES_OF_ROOT = 10 if SHORT else 300
# What a role may do is the same on either database: the short form asks PostgreSQL as three.
ON_BOTH = {"root", "editor", "nobody"}
# The examples and coverage phases alone make more.
LEAST = 500
# A good answer takes a body with a living token in it, which no generator makes up.
ONLY_WITH_A_SECRET = {"authenticateGoAuthClient", "authorizeGoAuthClient"}


def caller_of(target: Target, role: str) -> Cast:
    """A caller of that role; a token that is not root's can only be itself."""
    if target.holder("GET", "/v1/self").json()["kind"] == "root":
        return cast(target, role)
    alone = itself(target)
    if role != alone.role:
        pytest.skip(f"TOKEN IS NOT A ROOT TOKEN: nothing was tested as {role}")
    return alone


@pytest.mark.fuzz
@pytest.mark.parametrize("role", CALLERS)
def test_the_server_keeps_its_contract(target: Target, role: str, outcomes: list[Outcome]) -> None:
    """Generated requests, valid and not, find no answer outside the contract."""
    if SHORT and target.name == "postgresql" and role not in ON_BOTH:
        pytest.skip("THE SHORT FORM ASKS POSTGRESQL AS ROOT, EDITOR AND NOBODY ALONE")
    caller = caller_of(target, role)
    outcome = fuzz(target, caller, EXAMPLES_OF_ROOT if role == "root" else EXAMPLES)
    outcomes.append(outcome)
    assert outcome.code == 0, outcome.text[-6000:]
    assert outcome.report["complete"]
    assert outcome.report["failures"] == outcome.report["errors"] == []
    assert outcome.report["test_cases"]["errored"] == 0, outcome.text[-6000:]
    assert outcome.cases > LEAST
    assert_reach(target, outcome)


def assert_reach(target: Target, outcome: Outcome) -> None:
    """The caller did all that the contract lets them, nothing else, and lives."""
    missed = outcome.permitted - outcome.accepted() - ONLY_WITH_A_SECRET - {*FATAL}
    assert SHORT or not missed, "never succeeded, so little was shown of them"
    assert outcome.accepted() - outcome.permitted == set()
    assert outcome.cast.role == "root" or outcome.accepted(abroad=True) == set()
    for token in outcome.cast.credentials.values():
        assert Caller(target.url, token)("GET", "/v1/self").status_code == 200
    if target.server:
        assert "crash" not in target.server.log()
