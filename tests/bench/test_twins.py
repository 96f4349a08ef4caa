"""The twins do the same work: that is what makes the benchmark honest. Nothing is timed here."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from handlers.wire.contract import contract
from tests.bench import same
from tests.bench.contestants import ALL, DEFAULT, rules
from tests.bench.scene import LISTED, Scene, build
from tests.bench.servers import Running, running, settings_for
from tests.conftest import DATABASES, need
from tests.databases import new_database

pytestmark = pytest.mark.bench


@dataclass
class Meeting:
    """All contestants on one database, the first of which is Jeton."""

    url: str
    servers: list[Running]
    scene: Scene


@pytest.fixture(scope="module", params=DATABASES)
def meeting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Meeting]:
    """All contestants on each database."""
    need(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    everybody = [ALL[name] for name in DEFAULT]
    with (
        new_database(request.param, folder) as url,
        running(everybody, folder, settings_for(url)) as servers,
    ):
        yield Meeting(url, servers, build(servers[0]))


def test_all_answer_the_same_bytes_and_write_the_same_rows(meeting: Meeting) -> None:
    """Statuses, bodies, the gateway's headers, written rows, and refusals are equal."""
    assert same.differences(meeting.servers, meeting.scene, meeting.url) == []


def test_the_lists_are_as_long_as_they_are_called(meeting: Meeting) -> None:
    """The list of 100 has 100 tokens, that of 1,000 has 1,000."""
    assert same.lengths(meeting.servers[0], meeting.scene) == {n: n for n in LISTED}


@pytest.mark.parametrize("name", ["fastapi", "bare"])
def test_jeton_trusts_what_a_twin_has_minted(meeting: Meeting, name: str) -> None:
    """Its digest and its sealed secret are real."""
    (twin,) = (each for each in meeting.servers if each.contestant.name == name)
    assert same.trusts(meeting.servers[0], twin, meeting.scene, meeting.url)


def test_the_twins_know_the_roles_of_the_contract() -> None:
    """What a role may do is what the contract says."""
    assert contract.roles == rules.ROLES
