"""Limits that count: never more than were granted, and not one less."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import rotation
from models.database import session, writing
from models.limits import (
    BUCKETS,
    EXHAUSTED,
    RATE_LIMITED,
    SECONDS,
    admitted,
    lock_name,
    spend,
)
from models.rotation import Terms
from models.token import TokenRecord, milliseconds, read_token
from models.verification import Needs, verify
from tests.unit.models.stores import (
    PATIENCE_SECONDS,
    ROOT,
    actions,
    at_once,
    mint_api,
    rewrite,
)

PAUSES = st.lists(st.integers(0, 300), max_size=60)  # in thousandths of the time of the limit
USES, CALLERS = 12, 30


def grants(limit: str, times: list[int]) -> list[int]:
    """The times, of those that ask one after another, that are granted."""
    window: str | None = None
    granted = []
    for at in times:
        after = admitted(limit, window, at)
        if after is not None:
            window = after
            granted.append(at)
    return granted


def uses_at_once(token: TokenRecord) -> list[str | None]:
    """What each of a crowd hears that uses the token."""
    return at_once(*[lambda: spend(token)] * CALLERS)  # type: ignore[return-value]


@given(st.integers(1, 9), st.sampled_from(sorted(SECONDS)), st.integers(0, 10**13), PAUSES)
def test_no_stretch_of_the_time_has_more_uses(
    amount: int, unit: str, start: int, pauses: list[int]
) -> None:
    """Wherever a second, minute, hour or day begins, it holds no more uses than the limit."""
    length, times = SECONDS[unit] * 1000, [start]
    for pause in pauses:
        times.append(times[-1] + pause * SECONDS[unit])
    granted = grants(f"{amount}/{unit}", times)
    for first in granted:
        assert sum(first <= at < first + length for at in granted) <= amount


@given(st.integers(1, 9), st.sampled_from(sorted(SECONDS)), st.integers(0, 10**13))
def test_the_limit_is_granted_and_granted_again(amount: int, unit: str, start: int) -> None:
    """The first uses are all granted, none beyond, and as many once the time and a tenth passed."""
    later = start + SECONDS[unit] * 1000 * (BUCKETS + 1) // BUCKETS
    times = [start] * (amount + 1) + [later] * (amount + 1)
    assert grants(f"{amount}/{unit}", times) == [start] * amount + [later] * amount


def test_a_window_does_not_grow() -> None:
    """However long a token is used, no more than the tenths of one time are kept."""
    window: str | None = None
    for at in range(0, 60_000, 50):
        window = admitted("1000/second", window, at)
        assert len(json.loads(window or "")) <= BUCKETS + 1


def test_exactly_the_remaining_uses_are_granted(project: str) -> None:
    """Of a crowd as many pass as uses remain, and none is left."""
    token = rewrite(mint_api(project).token, uses_left=USES)
    heard = uses_at_once(token)
    assert heard.count(None) == USES
    assert heard.count(EXHAUSTED) == CALLERS - USES
    assert read_token(token.id).uses_left == 0


def test_a_crowd_is_granted_the_rate(project: str) -> None:
    """Of a crowd as many pass as the rate allows; those refused cost no use."""
    token = rewrite(mint_api(project).token, uses_left=CALLERS, rate_limit=f"{USES}/day")
    heard = uses_at_once(token)
    assert heard.count(None) == USES
    assert heard.count(RATE_LIMITED) == CALLERS - USES
    assert read_token(token.id).uses_left == CALLERS - USES


def test_a_use_counts_when_it_is_granted(project: str) -> None:
    """Who waited for a turn is counted in the time of the turn, not in that of the question."""
    token = rewrite(mint_api(project).token, rate_limit="9/second")
    asking = threading.Event()

    def ask() -> str | None:
        with session():
            asking.set()
            return spend(token)

    with ThreadPoolExecutor(1) as pool:
        with writing(lock_name(token.id)):
            asked = pool.submit(ask)
            assert asking.wait(PATIENCE_SECONDS)
            threading.Event().wait(0.3)  # three tenths of the time of the limit
            ready = milliseconds()
        assert asked.result(PATIENCE_SECONDS) is None
    (tenth,) = json.loads(read_token(token.id).rate_window or "")
    assert int(tenth) >= ready * BUCKETS // 1000


def test_a_verdict_is_a_use_only_where_it_is_good(project: str) -> None:
    """Neither a wrong question nor one of who may not see the token costs a use."""
    minted = mint_api(project)
    rewrite(minted.token, uses_left=1)
    assert verify(minted.secret, Needs(environment="other")).reason == "wrong_environment"
    assert read_token(minted.token.id).uses_left == 1
    assert [verify(minted.secret, Needs()).reason for _ in range(2)] == ["valid", EXHAUSTED]


@pytest.mark.parametrize("presented", ["old", "new"])
def test_old_and_new_share_what_is_left(project: str, presented: str) -> None:
    """In the grace of a rotation the uses of both are counted together."""
    old = mint_api(project)
    rewrite(old.token, uses_left=2, rate_limit="100/day")
    new = rotation.rotate(read_token(old.token.id), Terms(60), by=ROOT)
    first, second = (old, new) if presented == "old" else (new, old)
    reasons = [verify(each.secret, Needs()).reason for each in (first, second, first, second)]
    assert reasons == ["valid", "valid", EXHAUSTED, EXHAUSTED]


def test_the_first_use_of_the_new_ends_the_old(project: str) -> None:
    """It is good until then, not after, and its end is one event."""
    old = mint_api(project)
    new = rotation.rotate(old.token, Terms(60, until_first_use=True), by=ROOT)
    order = (old, new, new, old)
    reasons = [verify(each.secret, Needs()).reason for each in order]
    assert reasons == ["valid", "valid", "valid", "revoked"]
    dead = read_token(old.token.id)
    assert (dead.end_reason, dead.ended_by) == ("rotated", new.token.id)
    assert actions(token_id=old.token.id) == ["token.minted", "token.rotated", "token.retired"]
