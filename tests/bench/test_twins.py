"""The twins do the same work: that is what makes the benchmark honest. Nothing is timed here."""

import pytest

from handlers.wire.contract import contract
from tests.bench import same
from tests.bench.conftest import Meeting
from tests.bench.contestants import rules
from tests.bench.scene import LISTED

pytestmark = pytest.mark.bench


def test_all_answer_the_same_bytes_and_write_the_same_rows(meeting: Meeting) -> None:
    """Statuses, bodies, the gateway's headers, written rows, and refusals are equal."""
    assert same.differences(meeting.servers, meeting.scene, meeting.url) == []


def test_the_lists_are_as_long_as_they_are_called(meeting: Meeting) -> None:
    """The list of 100 has 100 tokens, that of 1,000 has 1,000."""
    assert same.lengths(meeting.servers[0], meeting.scene) == {n: n for n in LISTED}


@pytest.mark.parametrize("name", ["fastapi", "fastapi-validating", "bare"])
def test_jeton_trusts_what_a_twin_has_minted(meeting: Meeting, name: str) -> None:
    """Its digest and its sealed secret are real."""
    twin = meeting.server(name)
    assert same.trusts(meeting.servers[0], twin, meeting.scene, meeting.url)


def test_the_twins_know_the_roles_of_the_contract() -> None:
    """What a role may do is what the contract says."""
    assert contract.roles == rules.ROLES
