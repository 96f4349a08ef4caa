"""Verification: who is let in, and that their use is noted."""

import pytest

from models import life, root_tokens
from models.failures import Unauthorized
from models.last_used import last_used
from models.token import milliseconds, read_token
from models.verification import authenticate
from tests.unit.models.stores import (
    KEY,
    NEWER_KEY,
    ROOT,
    OpenedStore,
    expire,
    mint_api,
    mint_project,
)


def used(token: str) -> int | None:
    """When a token was last used, after a flush."""
    last_used.flush()
    return read_token(token).last_used_at


def test_a_live_token_is_good_and_its_use_is_noted(project: str) -> None:
    """A presented secret gives its token, and the time of this use."""
    minted = mint_project(project)
    assert used(minted.token.id) is None
    assert authenticate(minted.secret) == minted.token
    assert abs((used(minted.token.id) or 0) - milliseconds()) < 60_000


def test_every_kind_is_verified(project: str) -> None:
    """API, share, project and root tokens are verified alike."""
    for minted in (mint_api(project), mint_project(project), root_tokens.mint_root("one", by=ROOT),
                   life.replace_share(project, by=ROOT)):  # fmt: skip
        assert authenticate(minted.secret) == minted.token


@pytest.mark.parametrize("secret", ["", "x", "demo-project:default.0", "café", "jeton_root_" * 50])
def test_an_unknown_secret_is_refused(store: OpenedStore, secret: str) -> None:
    """What nobody minted is Unauthorized, whatever its shape."""
    with pytest.raises(Unauthorized):
        authenticate(secret)


def test_the_dead_are_refused_as_if_unknown(project: str) -> None:
    """Revoked and expired tokens are refused in the words for unknown ones, and leave no use."""
    revoked, expired = mint_project(project, name="one"), mint_project(project, name="two")
    life.revoke(project, "project", revoked.token.id, by=ROOT)
    expire(expired)
    for minted in (revoked, expired):
        with pytest.raises(Unauthorized) as refusal:
            authenticate(minted.secret)
        assert (str(refusal.value), refusal.value.detail) == ("unauthorized", None)
        assert used(minted.token.id) is None


def test_neither_id_nor_fingerprint_lets_in(project: str) -> None:
    """What is shown of a token does not authenticate."""
    minted = mint_api(project).token
    for shown in (minted.id, minted.fingerprint, minted.masked(), minted.digest.hex()):
        with pytest.raises(Unauthorized):
            authenticate(shown)


def test_tokens_are_good_under_every_configured_key(store: OpenedStore, project: str) -> None:
    """Tokens minted under the old and under the new key are both good while both are set."""
    old = mint_project(project, name="old")
    store.use_keys(NEWER_KEY, KEY)
    new = mint_project(project, name="new")
    assert [authenticate(each.secret).name for each in (old, new)] == ["old", "new"]
