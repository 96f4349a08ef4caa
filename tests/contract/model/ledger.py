"""The events, read from the database itself: no answer of the server stands between."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg

from tests.contract.model.records import REUSED, Event
from tests.contract.model.request import HOME

Row = tuple[Any, ...]
COLUMNS = "at, action, project_id, token_id, actor_id, actor_name, address, request_id"


class Ledger:
    """A connection of one's own to the database of a server."""

    def __init__(self, url: str) -> None:
        sqlite = url.startswith("sqlite:")
        self._connection: Any = (
            sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)
            if sqlite
            else psycopg.connect(url, autocommit=True)
        )

    def events(self, projects: Sequence[str]) -> list[Row]:
        """The events of some projects, in order, but for those of `reused`."""
        found = self._read(COLUMNS, projects, f"action <> '{REUSED}'")
        return sorted(found, key=str)

    def reused(self, projects: Sequence[str]) -> set[str]:
        """The tokens of some projects that came back after they had been rotated."""
        return {token for (token,) in self._read("token_id", projects, f"action = '{REUSED}'")}

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _read(self, columns: str, projects: Sequence[str], which: str) -> list[Row]:
        names = ", ".join(f"'{project}'" for project in projects)
        query = f"SELECT {columns} FROM event WHERE project_id IN ({names}) AND {which}"
        return [tuple(row) for row in self._connection.execute(query)]


def expected(events: Sequence[Event]) -> list[Row]:
    """The rows that the database should have."""
    return sorted(map(_row, events), key=str)


def _row(event: Event) -> Row:
    cause, token = event.cause, event.token
    where = (event.project, token and token.id, cause.by.id, cause.name)
    return cause.at, event.action, *where, HOME if cause.request else None, cause.request
