"""History: the events of a project or of the whole server, as far as a caller may see them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from models.caller import Caller
from models.event import Event
from models.secrets import first_row_id
from models.token import Token

SECOND = 1000


class EventRecord(NamedTuple):
    """An event as it was read; `at` in milliseconds since 1970.

    `actor_project` is that of the actor's token, as long as the token is known.
    """

    id: str
    at: int
    action: str
    project_id: str | None
    token_id: str | None
    actor_id: str
    actor_name: str
    address: str | None
    request_id: str | None
    actor_project: str | None = None


@dataclass(frozen=True)
class EventFilter:
    """Which events; None matches all. `since`, `until` and `after` in milliseconds."""

    project: str | None = None
    action: str | None = None
    token: str | None = None
    actor: str | None = None
    since: int | None = None
    until: int | None = None
    after: int | None = None


def list_events_page(
    which: EventFilter, *, by: Caller, before: str | None = None, limit: int
) -> list[EventRecord]:
    """Some events, newest first, before the event of an id, as the caller may see them.

    Ids are in the order of time, so that `since` and `after` need not look at all that is older.
    """
    wanted = [
        (which.project, Event.project_id == which.project),
        (which.action, Event.action == which.action),
        (which.token, Event.token_id == which.token),
        (which.actor, Event.actor_id == which.actor),
        (which.since, Event.at >= which.since),
        (which.until, Event.at < which.until),
        (which.after, Event.at > which.after),
        (which.since, Event.id >= _first_id(which.since)),
        (which.after, Event.id >= _first_id(which.after)),
        (before, Event.id < before),
    ]
    query = Event.select(*_COLUMNS, Token.project)
    query = query.left_outer_join(Token, on=(Token.id == Event.actor_id))
    for value, condition in wanted:
        if value is not None:
            query = query.where(condition)
    rows: Any = query.order_by(Event.id.desc()).limit(limit).tuples()
    return [_seen_by(by, EventRecord(*row)) for row in rows]


def _first_id(instant: int | None) -> str:
    """An id that no event since the instant is below, though it was made a little before."""
    return first_row_id((instant or 0) - SECOND)


def _seen_by(by: Caller, event: EventRecord) -> EventRecord:
    """Where others called from is told to callers of the whole server alone."""
    if by.project in (None, event.actor_project):
        return event
    return event._replace(address=None, request_id=None)


_COLUMNS = [getattr(Event, name) for name in EventRecord._fields[:-1]]
