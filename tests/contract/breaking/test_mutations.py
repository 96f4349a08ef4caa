"""The comparer, on generated changes of the contract that is there: each at a site of its own."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.contract.breaking.compare import Break, breaks_of_resolved
from tests.contract.breaking.documents import CURRENT, Node, read, resolved
from tests.contract.breaking.mutations import access, members, operations, words
from tests.contract.breaking.mutations.edits import Gives, Site
from tests.contract.breaking.mutations.everything import with_everything

CONTRACT = with_everything(read(CURRENT))
BEFORE = resolved(CONTRACT)
EDITS = {one.name: one for one in (*access.EDITS, *members.EDITS, *operations.EDITS, *words.EDITS)}
EXAMPLES = 6


@cache
def sites(name: str) -> list[Site]:
    """Where an edit can be made in the contract."""
    return EDITS[name].where(CONTRACT)


def edits(gives: Gives) -> list[str]:
    """The names of the edits of a kind."""
    return [name for name, edit in EDITS.items() if edit.gives is gives]


def edited(name: str, data: some.DataObject) -> tuple[Node, list[Break]]:
    """The contract with one edit, and what of it breaks clients: there, and nowhere else."""
    site = data.draw(some.sampled_from(sites(name)))
    after = resolved(EDITS[name].made(CONTRACT, site, data.draw))
    found = breaks_of_resolved(BEFORE, after)
    assert site[0] != "paths" or all(site[1] in one.place for one in found)
    return after, found


generated = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def test_no_two_edits_have_one_name() -> None:
    """Every edit is tried."""
    modules = (access, members, operations, words)
    assert len(EDITS) == sum(len(module.EDITS) for module in modules)


@pytest.mark.parametrize("name", edits(Gives.LESS))
@generated
@given(data=some.data())
def test_what_takes_from_clients_is_caught(name: str, data: some.DataObject) -> None:
    """What takes something from clients is caught, and to give it back is safe."""
    less, found = edited(name, data)
    assert found
    assert breaks_of_resolved(less, BEFORE) == []


@pytest.mark.parametrize("name", edits(Gives.MORE))
@generated
@given(data=some.data())
def test_what_gives_clients_more_passes(name: str, data: some.DataObject) -> None:
    """What gives clients more is safe, and to take it back is caught."""
    more, found = edited(name, data)
    assert found == []
    assert breaks_of_resolved(more, BEFORE)


@pytest.mark.parametrize("name", edits(Gives.OTHER))
@generated
@given(data=some.data())
def test_what_is_another_contract_is_caught_both_ways(name: str, data: some.DataObject) -> None:
    """What puts one thing in the place of another breaks clients of either."""
    other, found = edited(name, data)
    assert found
    assert breaks_of_resolved(other, BEFORE)


@pytest.mark.parametrize("name", edits(Gives.SAME))
@generated
@given(data=some.data())
def test_words_for_people_are_safe(name: str, data: some.DataObject) -> None:
    """What no client reads, or what the policy of the contract allows, can change freely."""
    same, found = edited(name, data)
    assert found == breaks_of_resolved(same, BEFORE) == []
