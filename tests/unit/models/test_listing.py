"""Listing: states as verification judges them, filters, orders and pages."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import life, management
from models.failures import TokenNotFound
from models.listing import ORDERS, TURNED, Filter, list_page, matching, place_of, show
from models.project import create_project
from models.token import TokenRecord, milliseconds
from models.verification import Needs, judge
from tests.unit.models.stores import (
    HOUR,
    ROOT,
    OpenedStore,
    mint_api,
    mint_crowd,
    mint_project,
    rewrite,
)

# What the state of a listed token says and what verification then says of it.
VERDICTS = {
    "active": {"valid"},
    "revoked": {"revoked"},
    "rotated": {"revoked", "expired"},
    **{name: {name} for name in ("expired", "suspended", "not_yet_valid", "idle", "exhausted")},
}
ENDS = st.sampled_from(["revoked", "replaced", "rotated", "expired"])
# An hour apart from now, so that no run is on the edge.
INSTANTS = st.none() | st.sampled_from([-2 * HOUR, -HOUR, HOUR, 2 * HOUR])
PAST = st.sampled_from([-4 * HOUR, -3 * HOUR])
LIVES = st.fixed_dictionaries(
    {
        "created_at": PAST,
        "expires_at": INSTANTS,
        "retires_at": INSTANTS,
        "not_before": INSTANTS,
        "suspended_at": st.none() | PAST,
        "last_used_at": st.none() | st.sampled_from([-2 * HOUR, -HOUR]),
        "ended_at": st.none() | PAST,
    }
)
COUNTS = st.fixed_dictionaries(
    {
        "idle_seconds": st.none() | st.sampled_from([60, 90 * 60, 150 * 60, 10**6]),
        "uses_left": st.none() | st.sampled_from([0, 1, 10]),
    }
)


def lived(token: TokenRecord, life: dict[str, int | None], counts: Any, end: str) -> TokenRecord:
    """A token to which that has happened, in milliseconds from now."""
    now = milliseconds()
    columns = {name: None if at is None else now + at for name, at in life.items()}
    dead = {"end_reason": None if life["ended_at"] is None else end}
    return rewrite(token, **columns, **counts, **dead)


def names(project: str, order: str = "created", **which: Any) -> list[str]:
    """The names of the tokens that match."""
    found = list_page(project, Filter(**which), order=order, after=None, limit=100)
    return [listed.token.name for listed in found]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(life=LIVES, counts=COUNTS, end=ENDS)
def test_the_state_is_what_verification_says(
    project: str, life: dict[str, int | None], counts: Any, end: str
) -> None:
    """Whatever happened to a token, list and verdict agree: only the active are good."""
    known = list_page(project, Filter(), order="created", after=None, limit=1)
    token = known[0].token if known else mint_api(project).token
    token = lived(token, life, counts, end)
    try:
        state = show(project, token.id).state
        assert judge(token, Needs(), milliseconds()) in VERDICTS[state]
        assert names(project, state=state) == [token.name]
        assert [other for other in VERDICTS if names(project, state=other)] == [state]
    finally:
        rewrite(token, ended_at=None, end_reason=None)


def test_every_state_is_reached(project: str) -> None:
    """Each state that the contract names is that of some token."""
    hour = milliseconds() - HOUR
    changes: dict[str, dict[str, Any]] = {
        "active": {"uses_left": 1},
        "suspended": {"suspended_at": hour},
        "not_yet_valid": {"not_before": hour + 2 * HOUR},
        "idle": {"idle_seconds": 60, "created_at": hour},
        "exhausted": {"uses_left": 0},
        "expired": {"expires_at": hour},
        "rotated": {"retires_at": hour},
        "revoked": {"ended_at": hour, "end_reason": "revoked"},
    }
    assert changes.keys() == VERDICTS.keys()
    for state, columns in changes.items():
        token = rewrite(mint_api(project, state).token, **columns)
        assert show(project, token.id).state == state


@pytest.mark.parametrize("order", [*ORDERS, *(order + TURNED for order in ORDERS)])
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_pages_hold_every_token_once(project: str, order: str, limit: int) -> None:
    """Tokens with equal values are neither left out nor told twice, in either direction."""
    now = milliseconds()
    for number in range(7):
        at = None if number % 3 == 0 else now + HOUR * (number % 2)
        same = {"created_at": now + number % 2, "expires_at": at, "last_used_at": at}
        rewrite(mint_api(project, f"n{number // 2}{number % 2}").token, **same)
    whole = names(project, order)
    paged: list[str] = []
    after = None
    for _ in range(0, len(whole), limit):
        page = list_page(project, Filter(), order=order, after=after, limit=limit)
        paged += [listed.token.name for listed in page]
        after = place_of(page[-1].token, order)
    assert paged == whole
    assert list_page(project, Filter(), order=order, after=after, limit=limit) == []
    assert sorted(whole) == sorted(f"n{number // 2}{number % 2}" for number in range(7))
    turned = order.removesuffix(TURNED) if order.endswith(TURNED) else order + TURNED
    assert names(project, turned) == whole[::-1]


def test_filters_pick_what_they_say(project: str) -> None:
    """Each alone, and two together; times leave out the instant itself."""
    now = milliseconds()
    rewrite(mint_api(project, "api").token, last_used_at=now - HOUR)
    rewrite(mint_project(project, "editor").token, expires_at=now + HOUR)
    life.replace_share(project, by=ROOT)
    assert names(project, kind="api") == names(project, environment="default") == ["api"]
    assert names(project, type="backend") == ["api"]
    assert names(project, role="editor") == names(project, name="editor") == ["editor"]
    assert names(project, kind="api", name="editor") == []
    assert names(project, expires_before=now + HOUR + 1) == ["editor"]
    assert names(project, expires_before=now + HOUR) == []
    assert names(project, expires_after=now + HOUR - 1) == ["editor"]
    assert names(project, expires_after=now + HOUR) == []
    assert names(project, last_used_after=now - HOUR - 1) == ["api"]
    assert names(project, last_used_after=now - HOUR) == []
    assert names(project, last_used_before=now - HOUR) == ["editor", "public-share"]


def test_the_dead_stay_listed_and_match_nothing(project: str) -> None:
    """A revoked token is on the list, not among those that a bulk revocation would end."""
    token = mint_api(project).token
    management.revoke(project, token.id, None, by=ROOT)
    assert names(project) == ["web"]
    assert matching(project, Filter()) == []


def test_a_project_shows_its_own_tokens(project: str) -> None:
    """The token of another project is not found, nor listed, nor matched."""
    other = create_project("other-project", None, by=ROOT).id
    token = mint_api(other).token
    with pytest.raises(TokenNotFound):
        show(project, token.id)
    assert names(project) == [found.name for found in matching(project, Filter())] == []
    assert show(other, token.id).token == token


def test_what_a_token_minted_is_found_through_its_children(project: str) -> None:
    """The token itself, its tokens and theirs; nobody else's, and no ring without an end."""
    admin = mint_project(project, "admin").token
    line, children = [admin.id], ["child", "grandchild", "great-grandchild"]
    for name in children:
        child = mint_project(project, "admin", name).token
        line.append(rewrite(child, issuer=line[-1]).id)
    mint_api(project)
    assert names(project, minter=admin.id) == children
    assert names(project, minter=line[2]) == children[2:]
    rewrite(admin, issuer=line[-1])
    assert set(names(project, minter=line[2])) == {"admin", *children}


def test_a_token_may_have_minted_more_than_a_query_has_parameters(
    store: OpenedStore, project: str
) -> None:
    """PostgreSQL takes 65,535 of them; each of the many may have minted another."""
    minter = mint_project(project, "admin", "minter").token
    last = mint_project(project, "viewer", "last").token
    mint_crowd(store, minter, 66_000)
    rewrite(last, issuer="crowd-65999")
    assert names(project, minter=minter.id, name="last") == ["last"]
    assert names(project, minter="crowd-65999") == ["last"]


def test_living_are_those_that_are_not_dead(project: str) -> None:
    """Who ends many is told of none that has died of time, unless it asks for those."""
    hour = milliseconds() - HOUR
    dead = {"expired": {"expires_at": hour}, "rotated": {"retires_at": hour}}
    alive = {"suspended": {"suspended_at": hour}, "exhausted": {"uses_left": 0}, "active": {}}
    for name, columns in (dead | alive).items():
        rewrite(mint_api(project, name).token, created_at=hour - HOUR, **columns)
    assert [token.name for token in matching(project, Filter())] == list(alive)
    for state in ("expired", "rotated", "suspended"):
        assert [token.name for token in matching(project, Filter(state=state))] == [state]
