"""Resealing: move every secret that can be moved to the newest key."""

from collections.abc import Iterator
from contextlib import suppress

from peewee import fn

from models.database import RESEAL, session, writing
from models.idempotency import ANSWERS, Idempotency
from models.prepared import Prepared
from models.secrets import InvalidTag, UnknownKey
from models.store import store
from models.token import Token

BATCH = 500


def count_sealed() -> int:
    """How many tokens keep a sealed secret."""
    count: int = Token.select(fn.COUNT(Token.id)).where(Token.sealed.is_null(False)).scalar()
    return count


def reseal() -> Iterator[int]:
    """Seal and digest every kept secret under the newest key, a batch at a time.

    Yields how many tokens each batch looked at. Stopping between batches loses nothing, and what
    is done already is passed over the next time.
    """
    _reseal_answers()
    after = ""
    while True:
        with session(), writing(RESEAL):
            rows = _SEALED_AFTER(after)
            _WRITE.many(_resealed(rows))
        if not rows:
            return
        after = rows[-1][0]
        yield len(rows)


def count_bound_to_older_keys() -> int:
    """How many live tokens still need a key that is not the newest."""
    older = Token.key_id != store.keyring.newest.id.hex()
    count: int = Token.select(fn.COUNT(Token.id)).where(older, Token.ended_at.is_null()).scalar()
    return count


def _reseal_answers() -> None:
    after = ""
    while True:
        with session(), writing(RESEAL, ANSWERS):
            rows = _ANSWERS_AFTER(after)
            _WRITE_ANSWER.many(_resealed_answers(rows))
        if not rows:
            return
        after = rows[-1][0]


def _resealed_answers(rows: list[tuple[str, bytes]]) -> Iterator[tuple[bytes, str]]:
    for row, answer in rows:
        with suppress(UnknownKey, InvalidTag):  # forgotten within a day
            if not store.keyring.is_newest(answer):
                yield store.keyring.seal(store.keyring.open(answer, row), row), row


def _resealed(rows: list[tuple[str, bytes]]) -> Iterator[tuple[bytes, bytes, str, str, bytes]]:
    keyring, newest = store.keyring, store.keyring.newest.id.hex()
    for row, sealed in rows:
        if keyring.is_newest(sealed):
            continue
        with suppress(UnknownKey, InvalidTag):  # left as it is, and counted in the end
            secret = keyring.open(sealed, row)
            yield keyring.seal(secret, row), keyring.digest(secret), newest, row, sealed


_SEALED_AFTER = Prepared(
    1,
    lambda after: (
        Token.select(Token.id, Token.sealed)
        .where(Token.sealed.is_null(False), Token.id > after)
        .order_by(Token.id)
        .limit(BATCH)
    ),
)
_WRITE = Prepared(
    5,
    lambda sealed, digest, key_id, row, before: Token.update(
        sealed=sealed, digest=digest, key_id=key_id
    ).where(Token.id == row, Token.sealed == before),
)
_ANSWERS_AFTER = Prepared(
    1,
    lambda after: (
        Idempotency.select(Idempotency.id, Idempotency.answer)
        .where(Idempotency.id > after)
        .order_by(Idempotency.id)
        .limit(BATCH)
    ),
)
_WRITE_ANSWER = Prepared(
    2, lambda answer, row: Idempotency.update(answer=answer).where(Idempotency.id == row)
)
