"""Events: who did what to which token, when and from where."""

from dataclasses import replace
from typing import Any

import connexion
import orjson
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from handlers import Answer, Json
from handlers.wire.cursors import camel, link_to_next, place
from handlers.wire.cursors import cursor as cursor_of
from handlers.wire.shapes import event
from handlers.wire.times import milliseconds
from models.caller import Caller
from models.history import EventFilter, list_events_page
from models.project import find_project, predecessor_ended_at

LINES = "application/x-ndjson"


def list_project_events(project_id: str, caller: Caller, **asked: Any) -> Answer:
    """A page of what happened in a project, newest first."""
    after = predecessor_ended_at(find_project(project_id))
    return _page(EventFilter(project_id, after=after), caller, **asked)


def list_events(caller: Caller, **asked: Any) -> Answer:
    """A page of what happened on the server, newest first."""
    return _page(EventFilter(), caller, **asked)


def _page(which: EventFilter, caller: Caller, limit: int, cursor: str = "", **asked: str) -> Answer:
    (before,) = place(cursor, (str,)) if cursor else (None,)
    which = replace(
        which,
        action=asked.get("action"),
        token=asked.get("token_id"),
        actor=asked.get("actor"),
        since=milliseconds(asked.get("since")),
        until=milliseconds(asked.get("until")),
    )
    found = list_events_page(which, by=caller, before=before, limit=limit + 1)
    headers: dict[str, str] = {}
    page: Json = {"events": [event(record) for record in found[:limit]]}
    if len(found) > limit:
        page["nextCursor"] = cursor_of(found[limit - 1].id)
        query = {"limit": limit, **camel(asked), "cursor": page["nextCursor"]}
        headers = link_to_next(connexion.request.scope["path"], **query)
    if _preferred() == LINES:
        text = b"".join(orjson.dumps(each) + b"\n" for each in page["events"])
        return text.decode(), 200, {**headers, "Content-Type": LINES}
    return page, 200, {**headers, "Content-Type": "application/json"}


def _preferred() -> str | None:
    sent = connexion.request.headers.get("Accept")
    accepted: str | None = parse_accept_header(sent, MIMEAccept).best
    return accepted
