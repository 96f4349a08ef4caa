"""Idempotency: a request that was answered once is answered in the same way again.

The answer is written by the transaction that makes the change, so that a lost answer strands
nothing; it is sealed, for it may hold a secret, and kept for 24 hours. As the draft of the
Idempotency-Key header asks.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from peewee import BigIntegerField, BlobField, TextField

from models.database import Row, writing
from models.failures import IdempotencyKeyReused
from models.prepared import Prepared
from models.store import store
from models.token import milliseconds

ANSWERS = "idempotency"
KEPT_MILLISECONDS = 24 * 3_600_000


class Idempotency(Row):
    """What was asked under a key, and the sealed answer to it."""

    id = TextField(primary_key=True)
    payload = BlobField()
    answer = BlobField()
    created_at = BigIntegerField(index=True)


def answer_once(scope: str, payload: bytes, work: Callable[[], str]) -> tuple[str, bool]:
    """The answer of the work to this scope and payload, and whether it was given before.

    Whoever comes while the work is done waits for it. What raises leaves no trace. Raises
    IdempotencyKeyReused where the payload was another.
    """
    key = _key(scope)
    digest = hashlib.sha256(payload).digest()
    with writing(f"idempotency:{key}"):
        _forget(key)
        rows = _BY_ID(key)
        if rows:
            return _replayed(key, digest, *rows[0][:2]), True
        answer = work()
        sealed = store.keyring.seal(answer, key)
        Idempotency.insert(
            id=key, payload=digest, answer=sealed, created_at=milliseconds()
        ).execute()
    return answer, False


def was_answered(scope: str) -> bool:
    """Whether an answer is kept for this scope."""
    rows = _BY_ID(_key(scope))
    return bool(rows) and not _is_old(rows[0][2])


def forget_old() -> int:
    """Drop the answers that are kept no longer; says how many."""
    with writing(ANSWERS):
        old = _is_old(Idempotency.created_at)
        dropped: int = Idempotency.delete().where(old).execute()
    return dropped


def _key(scope: str) -> str:
    return hashlib.sha256(scope.encode()).hexdigest()


def _is_old(created_at: Any) -> Any:
    return created_at <= milliseconds() - KEPT_MILLISECONDS


def _forget(key: str) -> None:
    old = _is_old(Idempotency.created_at)
    Idempotency.delete().where(Idempotency.id == key, old).execute()


def _replayed(key: str, digest: bytes, payload: bytes, answer: Any) -> str:
    if bytes(payload) != digest:
        raise IdempotencyKeyReused
    return store.keyring.open(bytes(answer), key)


_BY_ID = Prepared(
    1,
    lambda key: Idempotency.select(
        Idempotency.payload, Idempotency.answer, Idempotency.created_at
    ).where(Idempotency.id == key),
)
