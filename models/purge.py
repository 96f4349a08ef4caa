"""Purge: tokens that have been dead for long are forgotten; the events about them stay."""

from itertools import groupby
from typing import Any

from peewee import fn

from models.caller import Caller
from models.database import LAST_USED, RESEAL, session, writing
from models.event import Event
from models.store import store
from models.token import Token, milliseconds

BATCH = 500
PURGE_SECONDS = 3_600.0
DAY_MILLISECONDS = 86_400_000


def purge(days: int | None = None, *, by: Caller) -> int:
    """Delete the tokens of projects that died that many days ago or before; says how many."""
    kept = store.policy.purge_days if days is None else days
    before, total = milliseconds() - kept * DAY_MILLISECONDS, 0
    while batch := _purge_batch(before, by):
        total += batch
    return total


def _purge_batch(before: int, by: Caller) -> int:
    # Flushes of last-used times and reseals lock the same rows in another order.
    with session(), writing(LAST_USED, RESEAL):
        over = (Token.expires_at <= before) | (Token.retires_at <= before)
        dead = (Token.ended_at <= before) | (Token.ended_at.is_null() & over)
        # Root tokens stay: a start looks which there were, and whether that of the setting is dead.
        owned, query = Token.project.is_null(False), Token.select(Token.id, Token.project)
        doomed = query.where(owned, dead, ~_has_minted()).limit(BATCH)
        rows: Any = sorted(doomed.tuples(), key=lambda row: (row[1], row[0]))
        Token.delete().where(Token.id.in_([row[0] for row in rows])).execute()
        for project, gone in groupby(rows, key=lambda row: row[1]):
            Event.record_all("token.purged", by=by, project=project, tokens=[t for t, _ in gone])
    return len(rows)


def _has_minted() -> Any:
    """Whether what it minted is still there: it stays as long, so that it is known whose it is."""
    child = Token.alias()
    return fn.EXISTS(child.select(child.id).where(child.issuer == Token.id))
