"""Management: changes that nobody overwrites, suspension, and revocation of one and of many."""

from typing import Any

import pytest

from models import management, root_tokens
from models.failures import (
    CountNotConfirmed,
    ExpiryOutOfRange,
    Failure,
    PreconditionFailed,
    RoleNotHeld,
    TokenNameTaken,
    TokenNotFound,
    TokenStateConflict,
)
from models.life import replace_share
from models.listing import Filter, Listed, show
from models.management import change, resume, revoke, revoke_matching, suspend, version
from models.project import create_project
from models.token import Token, milliseconds, read_token
from models.verification import Needs, verify
from tests.unit.models.stores import (
    HOUR,
    ROOT,
    OpenedStore,
    actions,
    at_once,
    caller,
    expire,
    mint_api,
    mint_project,
    rewrite,
)

CHANGES: dict[str, Any] = {
    "name": "renamed",
    "description": "The web shop",
    "metadata": '{"team": "web"}',
    "allowed_ips": '["192.0.2.0/24"]',
    "rate_limit": "100/minute",
    "uses_left": 10,
    "not_before": 1,
    "idle_seconds": 60,
    "expires_at": 4_000_000_000_000,
}
FLEETING = {"last_used_at": 1, "uses_left": 1, "rate_window": "{}", "first_use_ends": "x"}


def test_what_is_named_changes_and_nothing_else(project: str) -> None:
    """All at once, with one event; the same again changes nothing and leaves none."""
    token = mint_api(project).token
    for _ in range(2):
        changed = change(project, token.id, CHANGES, by=ROOT).token
        assert changed == token._replace(**CHANGES) == read_token(token.id)
    assert actions(token_id=token.id) == ["token.minted", "token.updated"]


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "uses_left"])
def test_each_setting_makes_another_version(project: str, name: str) -> None:
    """Whoever read the token before does not overwrite it."""
    token = mint_api(project).token
    before = version(token)
    after = version(change(project, token.id, {name: CHANGES[name]}, by=ROOT).token)
    assert after != before
    with pytest.raises(PreconditionFailed):
        change(project, token.id, {"description": "mine"}, by=ROOT, unless_changed={before})
    change(project, token.id, {"description": "mine"}, by=ROOT, unless_changed={before, after})
    assert read_token(token.id).description == "mine"


@pytest.mark.parametrize("name", FLEETING)
def test_use_makes_no_other_version(project: str, name: str) -> None:
    """What comes and goes with use stands in no editor's way."""
    token = mint_api(project).token
    assert version(rewrite(token, **{name: FLEETING[name]})) == version(token)


def test_of_two_editors_the_first_wins(project: str) -> None:
    """Of a crowd with the same version one changes the token, and the others hear of it."""
    token = mint_api(project).token
    read = version(token)

    def edit(number: int) -> Listed:
        text = {"description": f"of {number}"}
        return change(project, token.id, text, by=ROOT, unless_changed={read})

    heard = at_once(*[lambda number=number: edit(number) for number in range(6)])  # type: ignore[misc]
    won = [each for each in heard if isinstance(each, Listed)]
    assert [type(each) for each in heard].count(PreconditionFailed) == 5
    assert [read_token(token.id)] == [each.token for each in won]


def test_a_name_is_taken_while_its_token_lives(project: str) -> None:
    """A living token's name is refused, and nothing changes; an expired one's is free."""
    first, second = mint_api(project, "one"), mint_api(project, "two").token
    with pytest.raises(TokenNameTaken):
        change(project, second.id, {"name": "one", "description": "x"}, by=ROOT)
    assert read_token(second.id) == second
    expire(first)
    assert change(project, second.id, {"name": "one"}, by=ROOT).token.name == "one"


def test_what_a_kind_does_not_have_cannot_be_set(project: str) -> None:
    """A share link has no name of its own, only project tokens have brokers."""
    share, api = replace_share(project, by=ROOT).token, mint_api(project).token
    own = mint_project(project).token
    with pytest.raises(TokenStateConflict):
        change(project, share.id, {"name": "mine"}, by=ROOT)
    with pytest.raises(TokenStateConflict):
        change(project, api.id, {"brokers": '["east"]'}, by=ROOT)
    assert change(project, own.id, {"brokers": '["east"]'}, by=ROOT).token.broker_ids() == ["east"]


def test_an_expiry_is_set_within_the_limit(store: OpenedStore, project: str) -> None:
    """Removed, it is the longest lifetime from now."""
    token = mint_api(project).token
    store.allow(max_lifetime_seconds=3_600)
    for ahead in (-HOUR, 2 * HOUR):
        with pytest.raises(ExpiryOutOfRange):
            change(project, token.id, {"expires_at": milliseconds() + ahead}, by=ROOT)
    assert read_token(token.id).expires_at is None
    change(project, token.id, {"expires_at": milliseconds() + HOUR // 2}, by=ROOT)
    longest = change(project, token.id, {"expires_at": None}, by=ROOT).token.expires_at
    assert longest is not None
    assert 0 < longest - milliseconds() <= HOUR


def test_another_rate_begins_anew(project: str) -> None:
    """The uses under the rate before do not count."""
    minted = mint_api(project)
    for rate in ("1/hour", "2/day"):
        change(project, minted.token.id, {"rate_limit": rate}, by=ROOT)
        uses = [verify(minted.secret, Needs()).reason for _ in range(int(rate[0]) + 1)]
        assert uses == ["valid"] * int(rate[0]) + ["rate_limited"]


def test_suspended_it_is_good_for_nothing_until_it_is_resumed(project: str) -> None:
    """Both can be said twice; only what turns it leaves an event."""
    minted = mint_api(project)
    for turn, state in ((suspend, "suspended"), (resume, "active")):
        first = turn(project, minted.token.id, by=ROOT)
        assert turn(project, minted.token.id, by=ROOT) == first
        assert first.state == state
        told = "valid" if state == "active" else state
        assert verify(minted.secret, Needs()).reason == told
    assert actions(token_id=minted.token.id) == [
        "token.minted",
        "token.suspended",
        "token.resumed",
    ]


def test_the_dead_tell_who_when_and_why(project: str) -> None:
    """A revoked token keeps what ended it; its name is free, and nothing can be done to it."""
    token = mint_api(project).token
    dead = revoke(project, token.id, "The laptop was lost.", by=ROOT)
    assert (dead.state, dead.token.end_note) == ("revoked", "The laptop was lost.")
    assert dead.token.ended_by == ROOT.token_id
    mint_api(project)
    for work in (
        lambda: suspend(project, token.id, by=ROOT),
        lambda: resume(project, token.id, by=ROOT),
        lambda: revoke(project, token.id, None, by=ROOT),
        lambda: change(project, token.id, {"description": "x"}, by=ROOT),
    ):
        with pytest.raises(TokenStateConflict):
            work()
    assert show(project, token.id) == dead


def test_a_crowd_revokes_once(project: str) -> None:
    """One of them ends it, with one event; the others hear that it is dead."""
    token = mint_api(project).token
    heard = at_once(*[lambda: revoke(project, token.id, None, by=ROOT)] * 6)
    assert [type(each) for each in heard].count(TokenStateConflict) == 5
    assert actions(token_id=token.id) == ["token.minted", "token.revoked"]


def test_nobody_manages_above_their_role(project: str) -> None:
    """An editor does nothing to an admin's token, alone or among others."""
    admin, editor = mint_project(project, "admin").token, caller("editor", project)
    equal = mint_project(project, "editor").token
    for work in (
        lambda: suspend(project, admin.id, by=editor),
        lambda: resume(project, admin.id, by=editor),
        lambda: revoke(project, admin.id, None, by=editor),
        lambda: change(project, admin.id, {"description": "x"}, by=editor),
        lambda: revoke_matching(project, Filter(), 2, None, by=editor),
    ):
        with pytest.raises(RoleNotHeld):
            work()
    assert [read_token(each.id) for each in (admin, equal)] == [admin, equal]


def test_a_token_of_another_project_is_not_found(project: str) -> None:
    """Nor is that of the server."""
    other = create_project("other-project", None, by=ROOT).id
    tokens = mint_api(other).token, root_tokens.mint_root("root", by=ROOT).token
    for token in tokens:
        with pytest.raises(TokenNotFound):
            suspend(project, token.id, by=ROOT)
    assert revoke(None, tokens[1].id, None, by=ROOT).state == "revoked"


def test_many_are_revoked_once_their_number_is_confirmed(project: str) -> None:
    """A dry run counts, another number changes nothing, the right one ends each with an event."""
    for name in ("one", "two", "three"):
        mint_api(project, name)
    own, which = mint_project(project).token, Filter(kind="api")
    assert revoke_matching(project, which, None, None, by=ROOT) == 3
    with pytest.raises(CountNotConfirmed, match="3 tokens match"):
        revoke_matching(project, which, 2, None, by=ROOT)
    assert Token.select().where(Token.ended_at.is_null(False)).count() == 0
    assert revoke_matching(project, which, 3, "stolen", by=ROOT) == 3
    ended = Token.select().where(Token.end_note == "stolen", Token.ended_by == ROOT.token_id)
    assert ended.count() == 3
    assert actions(action="token.revoked") == ["token.revoked"] * 3
    assert read_token(own.id) == own
    assert revoke_matching(project, which, 0, None, by=ROOT) == 0


def test_of_two_bulk_revocations_one_counts(project: str) -> None:
    """The other finds none of those that it confirmed."""
    for name in ("one", "two"):
        mint_api(project, name)
    heard = at_once(*[lambda: management.revoke_matching(project, Filter(), 2, None, by=ROOT)] * 2)
    assert sorted(each if isinstance(each, int) else 0 for each in heard) == [0, 2]
    assert [each for each in heard if isinstance(each, Failure)]
