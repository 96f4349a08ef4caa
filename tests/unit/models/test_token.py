"""Tokens: how they are found, listed, judged and shown."""

import pytest
from peewee import IntegrityError

from models import life, root_tokens, token
from models.documented import ApiToken, documented_api_tokens, masked_secrets_of
from models.failures import TokenNotFound
from models.project import Project, create_project
from models.rotation import Terms, rotate
from models.secrets import new_row_id
from models.token import Token, find_by_secret, find_token, list_tokens, milliseconds, read_token
from tests.unit.models.stores import (
    HOUR,
    KEY,
    NEWER_KEY,
    ROOT,
    OpenedStore,
    documented,
    expire,
    mint_api,
    mint_project,
    secret_of,
)


def test_a_token_is_found_by_its_secret(project: str) -> None:
    """The secret finds the token as it was minted; nearly the secret finds nothing."""
    minted = mint_api(project)
    assert find_by_secret(minted.secret) == minted.token
    assert find_by_secret(minted.secret[:-1]) is None
    assert find_by_secret(minted.secret.upper()) is None


def test_a_token_is_found_under_an_older_key(store: OpenedStore, project: str) -> None:
    """A new key before the old one loses nobody; without the old one the token is unknown."""
    minted = mint_project(project)
    store.use_keys(NEWER_KEY, KEY)
    assert find_by_secret(minted.secret) == minted.token
    store.use_keys(NEWER_KEY)
    assert find_by_secret(minted.secret) is None


def test_a_dead_token_is_still_read(project: str) -> None:
    """A revoked token keeps its row, with the time and the reason of its end."""
    minted = mint_api(project)
    life.revoke(project, "api", minted.token.id, by=ROOT)
    dead = read_token(minted.token.id)
    assert dead == find_by_secret(minted.secret)
    assert dead.end_reason == "revoked"
    assert not dead.is_live(token.milliseconds())


def test_an_unknown_id_is_no_token(store: OpenedStore) -> None:
    """Reading an id that nobody minted raises TokenNotFound."""
    with pytest.raises(TokenNotFound):
        read_token(new_row_id())


def test_a_token_is_found_where_it_belongs(project: str) -> None:
    """The right id under another project or kind is not found, nor is a revoked one."""
    create_project("other-project", None, by=ROOT)
    minted = mint_api(project).token
    assert find_token(project, "api", minted.id) == minted
    life.revoke(project, "api", minted.id, by=ROOT)
    wrong = [("other-project", "api"), (project, "project"), (None, "api"), (project, "api")]
    for owner, kind in wrong:
        with pytest.raises(TokenNotFound):
            find_token(owner, kind, minted.id)


def test_a_list_is_oldest_first(project: str) -> None:
    """Tokens are listed in the order of their making, of one project and kind."""
    create_project("other-project", None, by=ROOT)
    mint_api("other-project")
    mint_project(project)
    made = [mint_api(project, name).token for name in ("web", "app", "cli")]
    assert list_tokens(project, "api") == made
    assert documented_api_tokens(project) == documented(ApiToken, *made)


def test_an_expired_token_is_listed_until_it_is_revoked(project: str) -> None:
    """Expiry leaves a token on the list, also once its name is taken; revocation does not."""
    old = mint_api(project)
    expire(old)
    new = mint_api(project)
    assert [each.id for each in list_tokens(project, "api")] == [old.token.id, new.token.id]
    assert documented_api_tokens(project) == documented(ApiToken, *list_tokens(project, "api"))
    life.revoke(project, "api", old.token.id, by=ROOT)
    assert list_tokens(project, "api") == [new.token]
    assert documented_api_tokens(project) == documented(ApiToken, new.token)


def test_a_retired_token_is_on_no_list(project: str) -> None:
    """What was rotated leaves the lists at the end of its grace."""
    old = mint_api(project)
    new = rotate(old.token, Terms(60), by=ROOT)
    assert len(documented_api_tokens(project)) == len(list_tokens(project, "api")) == 2
    Token.update(retires_at=milliseconds()).where(Token.id == old.token.id).execute()
    assert list_tokens(project, "api") == [new.token]
    assert documented_api_tokens(project) == documented(ApiToken, new.token)


def test_root_tokens_belong_to_no_project(store: OpenedStore, project: str) -> None:
    """Root tokens are listed by themselves."""
    mint_project(project)
    minted = root_tokens.mint_root("operations", by=ROOT)
    assert list_tokens(None, "root") == [minted.token]
    assert list_tokens(None, "project") == []


def test_a_token_lives_until_its_instant(project: str) -> None:
    """A token is good before the millisecond of its expiry, and no longer at it."""
    at = token.milliseconds() + HOUR
    minted = mint_api(project, expires_at=at).token
    assert minted.is_live(at - 1)
    assert not minted.is_live(at)


def test_an_api_token_shows_its_secret(project: str) -> None:
    """The secret that was sealed at minting is shown again, and masked but for its ends."""
    minted = mint_api(project)
    read = read_token(minted.token.id)
    assert secret_of(read) == minted.secret
    assert masked_secrets_of([read]) == [f"{project}:default.****{minted.secret[-4:]}"]


def test_a_project_token_shows_a_mask_alone(project: str) -> None:
    """What no document shows again is not kept."""
    minted = mint_project(project)
    assert minted.token.sealed is None
    assert secret_of(read_token(minted.token.id)) == f"****{minted.secret[-4:]}"


def test_a_record_does_not_show_itself(project: str) -> None:
    """Neither a record nor what was minted tells the secret, its digest or its seal in its repr."""
    minted = mint_api(project)
    assert repr(minted.token) == f"TokenRecord({minted.token.id})"
    assert repr(minted) == str(minted) == f"{minted}" == f"Minted({minted.token.id})"
    assert minted.secret not in repr([minted, Token.get_by_id(minted.token.id)])


def test_brokers_are_kept_in_order(project: str) -> None:
    """A token keeps the brokers that it was minted for; none is an empty list."""
    minted = mint_api(project, brokers=["east", "west", "café"]).token
    assert read_token(minted.id).broker_ids() == ["east", "west", "café"]
    assert mint_project(project).token.broker_ids() == []


@pytest.mark.parametrize("shared", ["name", "digest"])
def test_the_database_refuses_two_alike(project: str, shared: str) -> None:
    """Two live tokens with one name, or two tokens with one digest, are refused by the table."""
    row = {**mint_api(project).token._asdict(), "id": new_row_id()}
    other = {"name": "other", "digest": b"other"}
    del other[shared]
    with pytest.raises(IntegrityError):
        Token.insert({**row, **other}).execute()


def test_the_database_keeps_the_project_of_a_token(project: str) -> None:
    """A project with tokens cannot be removed, nor a token belong to a project that is not."""
    row = {**mint_api(project).token._asdict(), "id": new_row_id()}
    with pytest.raises(IntegrityError):
        Project.delete().execute()
    with pytest.raises(IntegrityError):
        Token.insert({**row, "digest": b"other", "project_id": "nowhere"}).execute()
