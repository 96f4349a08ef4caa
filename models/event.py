"""Events: who did what to which token, when, from where. Append-only, and never a secret."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from peewee import BigIntegerField, TextField, chunked

from models.caller import Caller
from models.database import Row
from models.secrets import first_row_id, new_row_id

BATCH = 200
SECOND = 1000


class Event(Row):
    """One change of state. The database refuses to change or delete a row (see migration 0001)."""

    id = TextField(primary_key=True)
    at = BigIntegerField()
    action = TextField()
    project_id = TextField(null=True)
    token_id = TextField(null=True)
    actor_id = TextField()
    actor_name = TextField()
    address = TextField(null=True)
    request_id = TextField(null=True)

    class Meta:
        indexes = ((("project_id", "id"), False), (("token_id", "id"), False))

    @classmethod
    def record(
        cls, action: str, *, by: Caller, project: str | None = None, token: str | None = None
    ) -> None:
        """Write one event into the transaction that makes the change."""
        cls.insert(**cls._row(action, by, project, token)).execute()

    @classmethod
    def record_all(
        cls, action: str, *, by: Caller, project: str | None, tokens: Iterable[str]
    ) -> None:
        """Write the same event for many tokens."""
        for batch in chunked((cls._row(action, by, project, token) for token in tokens), BATCH):
            cls.insert_many(batch).execute()

    @staticmethod
    def _row(action: str, by: Caller, project: str | None, token: str | None) -> dict[str, object]:
        return {
            "id": new_row_id(),
            "at": time.time_ns() // 1_000_000,
            "action": action,
            "project_id": project,
            "token_id": token,
            "actor_id": by.token_id,
            "actor_name": by.name,
            "address": by.address,
            "request_id": by.request_id,
        }


class EventRecord(NamedTuple):
    """An event as it was read; `at` in milliseconds since 1970."""

    id: str
    at: int
    action: str
    project_id: str | None
    token_id: str | None
    actor_id: str
    actor_name: str
    address: str | None
    request_id: str | None


@dataclass(frozen=True)
class EventFilter:
    """Which events; None matches all. `since` and `until` in milliseconds."""

    project: str | None = None
    action: str | None = None
    token: str | None = None
    actor: str | None = None
    since: int | None = None
    until: int | None = None


def list_events_page(which: EventFilter, *, before: str | None, limit: int) -> list[EventRecord]:
    """Some events, newest first, before the event of an id.

    Ids are in the order of time, so that `since` needs not look at all that is older.
    """
    wanted = [
        (which.project, Event.project_id == which.project),
        (which.action, Event.action == which.action),
        (which.token, Event.token_id == which.token),
        (which.actor, Event.actor_id == which.actor),
        (which.since, Event.at >= which.since),
        (which.since, Event.id >= first_row_id((which.since or 0) - SECOND)),
        (which.until, Event.at < which.until),
        (before, Event.id < before),
    ]
    query = Event.select(*(getattr(Event, name) for name in EventRecord._fields))
    for value, condition in wanted:
        if value is not None:
            query = query.where(condition)
    rows: Any = query.order_by(Event.id.desc()).limit(limit).tuples()
    return [EventRecord(*row) for row in rows]
