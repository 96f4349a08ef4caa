"""Resealing: every kept secret moves to the newest key, in batches, and nothing is lost."""

import pytest
from peewee import chunked

from models import life, resealing
from models.failures import TokenNotFound
from models.secrets import InvalidTag, Keyring, new_row_id
from models.token import Token, find_by_secret, read_token
from tests.unit.models.stores import (
    KEY,
    NEWER_KEY,
    ROOT,
    OpenedStore,
    at_once,
    mint_api,
    mint_project,
    secret_of,
)

MANY = resealing.BATCH + 3


def seal_many(project: str, key: bytes = KEY) -> dict[str, str]:
    """Put more tokens than a batch takes into the table; their secrets by their ids."""
    template, keyring = mint_api(project).token._asdict(), Keyring([key])
    Token.delete().execute()
    secrets = {new_row_id(): f"secret-{number}" for number in range(MANY)}
    rows = [
        {
            **template,
            "id": row,
            "name": secret,
            "digest": keyring.digest(secret),
            "sealed": keyring.seal(secret, row),
        }
        for row, secret in secrets.items()
    ]
    for batch in chunked(rows, 50):
        Token.insert_many(batch).execute()
    return secrets


def under_newest(keyring: Keyring) -> int:
    """How many sealed secrets are under the newest key."""
    return sum(keyring.is_newest(row[0]) for row in Token.select(Token.sealed).tuples())


def test_every_sealed_secret_moves_to_the_newest_key(store: OpenedStore, project: str) -> None:
    """Once resealed, the old key can be dropped: each secret opens in its row and is found."""
    secrets = seal_many(project)
    store.use_keys(NEWER_KEY, KEY)
    assert list(resealing.reseal()) == [resealing.BATCH, MANY - resealing.BATCH]
    store.use_keys(NEWER_KEY)
    for row, secret in secrets.items():
        assert secret_of(read_token(row)) == secret
    found = find_by_secret(next(iter(secrets.values())))
    assert found is not None
    assert found.id == next(iter(secrets))


def test_resealing_stops_and_goes_on(store: OpenedStore, project: str) -> None:
    """Stopped after a batch, the rest is under the old key and all is readable; then it goes on."""
    secrets = seal_many(project)
    store.use_keys(NEWER_KEY, KEY)
    assert next(resealing.reseal()) == resealing.BATCH
    keyring = Keyring([NEWER_KEY, KEY])
    assert under_newest(keyring) == resealing.BATCH
    assert [secret_of(read_token(row)) for row in secrets] == list(secrets.values())
    assert sum(resealing.reseal()) == MANY
    assert under_newest(keyring) == MANY


def test_resealing_twice_changes_nothing(store: OpenedStore, project: str) -> None:
    """What is under the newest key already is passed over."""
    mint_api(project)
    store.use_keys(NEWER_KEY, KEY)
    assert list(resealing.reseal()) == [1]
    once = list(Token.select(Token.sealed).tuples())
    assert list(resealing.reseal()) == [1]
    assert list(Token.select(Token.sealed).tuples()) == once


def test_a_moved_seal_still_does_not_open(store: OpenedStore, project: str) -> None:
    """A resealed secret is bound to its row as before."""
    row, other = mint_api(project, "web").token.id, mint_api(project, "app").token.id
    store.use_keys(NEWER_KEY, KEY)
    list(resealing.reseal())
    sealed = read_token(row).sealed
    assert sealed is not None
    with pytest.raises(InvalidTag):
        Keyring([NEWER_KEY]).open(sealed, other)


def test_the_dead_are_resealed_too(store: OpenedStore, project: str) -> None:
    """A revoked token does not hang on to the old key."""
    minted = mint_api(project)
    life.revoke(project, "api", minted.token.id, by=ROOT)
    store.use_keys(NEWER_KEY, KEY)
    assert sum(resealing.reseal()) == resealing.count_sealed() == 1
    store.use_keys(NEWER_KEY)
    assert secret_of(read_token(minted.token.id)) == minted.secret


def test_a_secret_whose_key_is_gone_holds_up_no_other(store: OpenedStore, project: str) -> None:
    """What no configured key opens stays as it is; every secret that can be moved is moved."""
    store.use_keys(bytes(32))
    lost = mint_api(project, "lost").token
    store.use_keys(KEY)
    kept = mint_api(project, "kept")
    store.use_keys(NEWER_KEY, KEY)
    list(resealing.reseal())
    store.use_keys(NEWER_KEY)
    assert secret_of(read_token(kept.token.id)) == kept.secret
    assert read_token(lost.id) == lost


def test_digests_alone_are_counted(store: OpenedStore, project: str) -> None:
    """Live tokens that still need an older key are told, for only a mint can move them."""
    mint_api(project)
    dead, _ = mint_project(project, name="dead").token, mint_project(project, name="live")
    life.revoke(project, "project", dead.id, by=ROOT)
    store.use_keys(NEWER_KEY, KEY)
    assert resealing.count_bound_to_older_keys() == 2
    list(resealing.reseal())
    mint_project(project, name="new")
    assert resealing.count_bound_to_older_keys() == 1


def test_resealing_meets_revocation(store: OpenedStore, project: str) -> None:
    """Tokens that are revoked while they are resealed are revoked and resealed."""
    secrets = seal_many(project)
    store.use_keys(NEWER_KEY, KEY)
    dying = list(secrets)[:: MANY // 20]

    def revoke() -> None:
        for row in dying:
            life.revoke(project, "api", row, by=ROOT)

    done = at_once(lambda: sum(resealing.reseal()), revoke)
    assert not any(isinstance(each, TokenNotFound) for each in done)
    assert under_newest(Keyring([NEWER_KEY])) == MANY
    assert {read_token(row).end_reason for row in dying} == {"revoked"}
