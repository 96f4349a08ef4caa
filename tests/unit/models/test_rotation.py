"""Rotation: another secret with the same settings, and an end for the old one."""

from typing import Any

import pytest

from models import life, root_tokens, rotation
from models.documented import ShareToken, documented_share
from models.failures import ExpiryOutOfRange, GraceOutOfRange, RoleNotHeld, TokenStateConflict
from models.life import mint
from models.minting import Draft, Minted
from models.project import update_project
from models.rotation import CARRIED, Terms, rotate
from models.token import (
    SETTING_NAME,
    find_by_secret,
    find_token,
    milliseconds,
    read_token,
)
from models.verification import Needs, verify
from tests.unit.models.stores import (
    HOUR,
    ROOT,
    OpenedStore,
    actions,
    at_once,
    caller,
    documented,
    mint_api,
    mint_project,
    rewrite,
)

MINUTE, YEAR = 60_000, 365 * 24 * HOUR
SETTINGS = {
    "description": "The web shop",
    "metadata": '{"team": "web"}',
    "allowed_ips": '["192.0.2.0/24"]',
    "rate_limit": "100/minute",
    "rate_window": '{"1": 2}',
    "not_before": 1,
    "idle_seconds": 3_600,
    "uses_left": 5,
    "suspended_at": 2,
    "issuer": "somebody",
}
SAME = ("kind", "project_id", "name", "type", "role", "environment", "brokers")


def reasons(*secrets: str) -> list[str]:
    """The verdict on each."""
    return [verify(secret, Needs()).reason for secret in secrets]


def kinds(project: str) -> list[Minted]:
    """A token of every kind."""
    draft = Draft("project", "ci", type="restricted", role="editor", brokers=["east", "west"])
    own = mint(project, draft, by=ROOT)
    root = root_tokens.mint_root("root", by=ROOT)
    return [mint_api(project), own, life.replace_share(project, by=ROOT), root]


def test_all_settings_are_kept(project: str) -> None:
    """Whatever its kind, the successor is the old token but for its id, secret and times."""
    assert set(SETTINGS) == set(CARRIED)
    for minted in kinds(project):
        old = rewrite(minted.token, **SETTINGS)
        new = rotate(old, Terms(60), by=ROOT)
        told, expected = read_token(new.token.id)._asdict(), old._asdict()
        for name in (*SAME, *CARRIED):
            assert told[name] == expected[name], name
        assert new.secret != minted.secret
        assert (told["rotated_from"], read_token(old.id).rotated_to) == (old.id, new.token.id)


def test_both_are_good_during_the_grace(project: str) -> None:
    """The new one is good at once, the old one until its time is over."""
    for old in kinds(project):
        new = rotate(old.token, Terms(60), by=ROOT)
        assert reasons(old.secret, new.secret) == ["valid", "valid"]
        until = read_token(old.token.id).retires_at
        assert until is not None
        assert abs(until - milliseconds() - MINUTE) < MINUTE
        rewrite(old.token, retires_at=milliseconds() - 1)
        assert reasons(old.secret, new.secret) == ["expired", "valid"]


def test_without_grace_the_old_one_dies_at_once(project: str) -> None:
    """Its end is a single event beside the mint of the new one."""
    for old in kinds(project):
        new = rotate(old.token, Terms(), by=ROOT)
        assert reasons(old.secret, new.secret) == ["revoked", "valid"]
        assert read_token(old.token.id).end_reason == "rotated"
        assert actions(token_id=old.token.id) == ["token.minted", "token.rotated"]
        assert actions(token_id=new.token.id) == ["token.minted"]


def test_the_grace_is_limited_by_the_setting(store: OpenedStore, project: str) -> None:
    """As long as is allowed is granted, a second more is not and changes nothing."""
    store.allow(max_grace_seconds=10)
    old = mint_api(project).token
    with pytest.raises(GraceOutOfRange, match="10 seconds"):
        rotate(old, Terms(11), by=ROOT)
    assert read_token(old.id) == old
    rotate(old, Terms(10), by=ROOT)


def test_who_waits_for_a_first_use_waits_no_longer_than_any_grace(
    store: OpenedStore, project: str
) -> None:
    """Without grace seconds the old one lives until the longest grace at most."""
    store.allow(max_grace_seconds=100)
    old = mint_api(project).token
    rotate(old, Terms(0, until_first_use=True), by=ROOT)
    until = read_token(old.id).retires_at
    assert until is not None
    assert 0 < until - milliseconds() <= 100_000


def test_a_token_is_rotated_once(project: str) -> None:
    """Neither what was rotated, nor what is dead, nor what a setting gives is rotated."""
    rotated, dead, over = (mint_api(project, name).token for name in ("one", "two", "three"))
    rotate(rotated, Terms(60), by=ROOT)
    life.revoke(project, "api", dead.id, by=ROOT)
    rewrite(over, expires_at=1)
    root_tokens.root_from_setting("x" * 24, by=ROOT)
    given = find_by_secret("x" * 24)
    assert given is not None
    why = {rotated: "its successor", dead: "dead", over: "dead", given: SETTING_NAME}
    for token, told in why.items():
        with pytest.raises(TokenStateConflict, match=told):
            rotate(token, Terms(), by=ROOT)


def test_of_simultaneous_rotations_one_wins(project: str) -> None:
    """The others hear that it was rotated; there is one successor."""
    old = mint_api(project).token
    heard = at_once(*[lambda: rotate(old, Terms(60), by=ROOT)] * 5)
    won = [each for each in heard if isinstance(each, Minted)]
    lost = [each for each in heard if isinstance(each, TokenStateConflict)]
    assert (len(won), len(lost)) == (1, 4)
    assert read_token(old.id).rotated_to == won[0].token.id


def test_nobody_rotates_above_their_role(project: str) -> None:
    """An editor would hold an admin's new secret."""
    admin = mint_project(project, "admin").token
    with pytest.raises(RoleNotHeld):
        rotate(admin, Terms(), by=caller("editor", project))
    assert read_token(admin.id) == admin


def test_a_share_link_is_that_of_the_successor(project: str) -> None:
    """The project shows its new link, and replacing it ends both."""
    old = life.replace_share(project, by=ROOT)
    new = rotate(old.token, Terms(60), by=ROOT)
    assert [documented_share(project)] == documented(ShareToken, new.token)
    life.replace_share(project, by=ROOT)
    assert reasons(old.secret, new.secret) == ["revoked", "revoked"]


def test_a_name_stays_with_the_successor(project: str) -> None:
    """The old one keeps it for its grace, and both are found in lists until then."""
    old = mint_api(project)
    new = rotate(old.token, Terms(60), by=ROOT)
    for token in (old.token.id, new.token.id):
        assert find_token(project, "api", token).name == "web"


@pytest.mark.parametrize("lifetime", [None, HOUR])
def test_the_successor_lives_as_long_as_the_old_was_meant_to(
    project: str, lifetime: int | None
) -> None:
    """A token of an hour is followed by one of an hour from now."""
    expires_at = None if lifetime is None else milliseconds() + lifetime
    old = mint_api(project, expires_at=expires_at).token
    if lifetime:  # half of its life is over
        passed = {
            "created_at": old.created_at - HOUR // 2,
            "expires_at": milliseconds() + HOUR // 2,
        }
        old = rewrite(old, **passed)
    new = rotate(old, Terms(), by=ROOT).token
    if lifetime is None:
        assert new.expires_at is None
    else:
        assert new.expires_at is not None
        assert abs(new.expires_at - milliseconds() - lifetime) < MINUTE


LIMITED: dict[str, Any] = {"server": 3_600, "project": 1_800}


@pytest.mark.parametrize("limit", LIMITED)
@pytest.mark.parametrize("lasting", [YEAR, None], ids=["a year", "for ever"])
def test_a_token_from_before_a_limit_is_rotated_into_it(
    store: OpenedStore, project: str, limit: str, lasting: int | None
) -> None:
    """Who asks for no expiry gets the longest allowed, not a refusal; who asks for more does."""
    old = mint_api(project, expires_at=lasting and milliseconds() + lasting).token
    store.allow(max_lifetime_seconds=3_600)
    if limit == "project":
        update_project(project, {"max_lifetime_seconds": 1_800}, by=ROOT)
    with pytest.raises(ExpiryOutOfRange):
        rotate(old, Terms(expires_at=milliseconds() + YEAR), by=ROOT)
    new = rotate(old, Terms(), by=ROOT).token
    assert new.expires_at is not None
    assert abs(new.expires_at - milliseconds() - 1_000 * LIMITED[limit]) < MINUTE


def test_an_expiry_is_chosen(project: str) -> None:
    """The successor may be given another expiry than the old one had."""
    at = milliseconds() + HOUR
    old = mint_api(project).token
    assert rotation.rotate(old, Terms(expires_at=at), by=ROOT).token.expires_at == at
