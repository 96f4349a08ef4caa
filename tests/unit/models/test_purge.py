"""Purge: the long dead are forgotten, the living and what happened are not."""

import pytest

from models import life, purge, root_tokens, rotation
from models.failures import TokenNotFound
from models.listing import Filter, matching
from models.minting import Minted
from models.rotation import Terms
from models.token import SETTING_NAME, Token, milliseconds, read_token
from tests.unit.models.stores import (
    ROOT,
    OpenedStore,
    actions,
    at_once,
    mint_api,
    rewrite,
)

DAY = purge.DAY_MILLISECONDS
MANY = purge.BATCH + 3
SETTING = "a-root-token-of-the-setting"


def dead(project: str, name: str, days: int) -> Minted:
    """A token that was revoked so many days and a minute ago."""
    minted = mint_api(project, name)
    life.revoke(project, "api", minted.token.id, by=ROOT)
    rewrite(minted.token, ended_at=milliseconds() - days * DAY - 60_000)
    return minted


def ids() -> set[str]:
    """The tokens that are still known."""
    return {row[0] for row in Token.select(Token.id).tuples()}


def test_what_has_been_dead_for_long_is_forgotten(project: str) -> None:
    """The days are those asked for, or those of the setting."""
    recent, older, oldest = (dead(project, f"dead-{days}", days) for days in (1, 10, 31))
    alive = mint_api(project)
    assert purge.purge(by=ROOT) == 1
    assert ids() == {recent.token.id, older.token.id, alive.token.id}
    assert purge.purge(10, by=ROOT) == 1
    assert purge.purge(0, by=ROOT) == 1
    assert purge.purge(0, by=ROOT) == 0
    assert ids() == {alive.token.id}
    with pytest.raises(TokenNotFound):
        read_token(oldest.token.id)


@pytest.mark.parametrize("column", ["expires_at", "retires_at"])
def test_who_died_of_time_is_dead(project: str, column: str) -> None:
    """What expired or retired is forgotten as what was revoked, though nobody wrote its end."""
    gone, recent = mint_api(project, "gone"), mint_api(project, "recent")
    rewrite(gone.token, **{column: milliseconds() - 31 * DAY})
    rewrite(recent.token, **{column: milliseconds() - 29 * DAY})
    assert purge.purge(by=ROOT) == 1
    assert ids() == {recent.token.id}


def test_events_outlive_their_token(project: str) -> None:
    """What happened is still told, and that it was forgotten."""
    token = dead(project, "web", 31).token.id
    purge.purge(by=ROOT)
    assert actions(token_id=token) == ["token.minted", "token.revoked", "token.purged"]


def test_a_minter_stays_as_long_as_what_it_minted(project: str) -> None:
    """What a stolen token minted is found however long it has been dead itself; then all go."""
    minter, child = dead(project, "minter", 31), dead(project, "child", 31)
    grandchild = mint_api(project, "grandchild").token
    rewrite(child.token, issuer=minter.token.id)
    rewrite(grandchild, issuer=child.token.id)
    assert purge.purge(by=ROOT) == 0
    assert matching(project, Filter(minter=minter.token.id)) == [read_token(grandchild.id)]
    life.revoke(project, "api", grandchild.id, by=ROOT)
    assert purge.purge(0, by=ROOT) == 3


def test_a_successor_does_without_its_predecessor(project: str) -> None:
    """What it was rotated from may be forgotten; it is as good as before."""
    old = mint_api(project)
    new = rotation.rotate(old.token, Terms(), by=ROOT)
    assert purge.purge(0, by=ROOT) == 1
    assert read_token(new.token.id).rotated_from == old.token.id
    assert rotation.rotate(new.token, Terms(), by=ROOT).token.rotated_from == new.token.id


def test_more_than_a_batch_is_forgotten_once(project: str) -> None:
    """Two that purge at once forget every token, each with one event."""
    template = dead(project, "dead", 31).token
    Token.delete().execute()
    ended = {"ended_at": 1, "end_reason": "revoked"}
    for number in range(MANY):
        row = {**template._asdict(), **ended, "id": f"dead-{number}", "digest": b"%d" % number}
        Token.insert(**row).execute()
    assert sum(at_once(*[lambda: purge.purge(by=ROOT)] * 2)) == MANY  # type: ignore[arg-type]
    assert ids() == set()
    assert actions(action="token.purged") == ["token.purged"] * MANY


def test_a_revoked_root_token_of_the_setting_stays_dead(store: OpenedStore) -> None:
    """However long ago it was revoked: the next start does not make it good again."""
    root_tokens.root_from_setting(SETTING, by=ROOT)
    token = Token.get(Token.name == SETTING_NAME)
    life.revoke(None, "root", token.id, by=ROOT)
    Token.update(ended_at=1).where(Token.id == token.id).execute()
    purge.purge(0, by=ROOT)
    with pytest.raises(TokenNotFound):
        root_tokens.root_from_setting(SETTING, by=ROOT)


def test_the_first_root_token_is_the_first_for_ever(store: OpenedStore) -> None:
    """Where it was revoked long ago, no start mints another one."""
    first = root_tokens.first_root(by=ROOT)
    assert first is not None
    life.revoke(None, "root", first.token.id, by=ROOT)
    rewrite(first.token, ended_at=1)
    purge.purge(0, by=ROOT)
    assert root_tokens.first_root(by=ROOT) is None
