"""Root tokens: the first one, those of the command line, and the one that a setting gives."""

import pytest

from models import life, root_tokens
from models.failures import ExpiryOutOfRange, TokenNotFound
from models.token import find_by_secret, list_tokens, read_token
from models.verification import authenticate
from tests.unit.models.stores import (
    KEY,
    NEWER_KEY,
    ROOT,
    OpenedStore,
    actions,
    at_once,
    mint_project,
)

GIVEN = "root-credential-of-the-operator"
OTHER = "another-credential-of-the-operator"


def roots() -> list[str]:
    """The names of the root tokens that are not revoked."""
    return [token.name for token in list_tokens(None, "root")]


def test_the_first_root_token_is_minted_once(store: OpenedStore) -> None:
    """Of many processes that start at once one makes the first root token."""
    made = at_once(*[lambda: root_tokens.first_root(by=ROOT)] * 8)
    assert [each is None for each in made].count(False) == 1
    assert roots() == ["first"]


def test_a_revoked_first_root_token_does_not_come_back(store: OpenedStore) -> None:
    """Who revoked the first root token is not given another one."""
    minted = root_tokens.first_root(by=ROOT)
    assert minted is not None
    life.revoke(None, "root", minted.token.id, by=ROOT)
    assert root_tokens.first_root(by=ROOT) is None


def test_a_setting_makes_a_root_token(store: OpenedStore) -> None:
    """The given secret is a root token, however often it is given."""
    for _ in range(3):
        root_tokens.root_from_setting(GIVEN, by=ROOT)
    found = find_by_secret(GIVEN)
    assert found is not None
    assert (found.kind, found.role, found.project_id) == ("root", "root", None)
    assert roots() == [root_tokens.SETTING_NAME]
    assert actions() == ["token.minted"]


@pytest.mark.parametrize("later", [OTHER, None])
def test_a_setting_ends_the_token_it_gave_before(store: OpenedStore, later: str | None) -> None:
    """Another secret, or none, ends the token that the setting gave, and no other root token."""
    operations = root_tokens.mint_root("operations", by=ROOT).token
    root_tokens.root_from_setting(GIVEN, by=ROOT)
    root_tokens.root_from_setting(later, by=ROOT)
    assert find_by_secret(GIVEN) is None
    assert read_token(operations.id) == operations
    assert roots() == ["operations"] + [root_tokens.SETTING_NAME] * (later is not None)
    root_tokens.root_from_setting(GIVEN, by=ROOT)
    assert authenticate(GIVEN).name == root_tokens.SETTING_NAME


def test_a_setting_outlives_a_new_key(store: OpenedStore) -> None:
    """A new key does not replace the token of the setting."""
    root_tokens.root_from_setting(GIVEN, by=ROOT)
    store.use_keys(NEWER_KEY, KEY)
    root_tokens.root_from_setting(GIVEN, by=ROOT)
    assert actions() == ["token.minted"]


def test_a_revoked_setting_is_refused(store: OpenedStore) -> None:
    """A secret that was revoked does not become good again."""
    root_tokens.root_from_setting(GIVEN, by=ROOT)
    life.revoke(None, "root", list_tokens(None, "root")[0].id, by=ROOT)
    with pytest.raises(TokenNotFound):
        root_tokens.root_from_setting(GIVEN, by=ROOT)


def test_a_setting_that_is_another_token_is_refused(project: str) -> None:
    """The secret of a project's token does not become root."""
    with pytest.raises(TokenNotFound):
        root_tokens.root_from_setting(mint_project(project, "admin").secret, by=ROOT)
    assert roots() == []


def test_root_tokens_live_as_long_as_any_new_token_may(store: OpenedStore) -> None:
    """The first one, too; that of the setting lives as long as the setting."""
    store.allow(max_lifetime_seconds=60)
    first = root_tokens.first_root(by=ROOT)
    assert first is not None
    for token in (first.token, root_tokens.mint_root("operations", by=ROOT).token):
        assert 0 < (token.expires_at or 0) - token.created_at <= 60_001
    late = first.token.created_at + 120_000
    with pytest.raises(ExpiryOutOfRange):
        root_tokens.mint_root("late", expires_at=late, by=ROOT)
    root_tokens.root_from_setting(GIVEN, by=ROOT)
    assert authenticate(GIVEN).expires_at is None
