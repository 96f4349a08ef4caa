"""Resealing: move every secret that can be moved to the newest key."""

from collections.abc import Iterator

from peewee import fn

from models.database import Prepared, session, writing
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
    after = ""
    while True:
        with session(), writing("reseal"):
            rows = _SEALED_AFTER(after)
            _WRITE.many(_resealed(rows))
        if not rows:
            return
        after = rows[-1][0]
        yield len(rows)


def count_bound_to_older_keys() -> int:
    """How many live tokens are known by digest alone, so that only a mint can move them."""
    count: int = (
        Token.select(fn.COUNT(Token.id))
        .where(Token.sealed.is_null(), Token.ended_at.is_null())
        .scalar()
    )
    return count


def _resealed(rows: list[tuple[str, bytes]]) -> Iterator[tuple[bytes, bytes, str, bytes]]:
    keyring = store.keyring
    for row, sealed in rows:
        if not keyring.is_newest(sealed):
            secret = keyring.open(sealed, row)
            yield keyring.seal(secret, row), keyring.digest(secret), row, sealed


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
    4,
    lambda sealed, digest, row, before: Token.update(sealed=sealed, digest=digest).where(
        Token.id == row, Token.sealed == before
    ),
)
