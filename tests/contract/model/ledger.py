"""The events, read from the database itself: no answer of the server stands between."""

import sqlite3
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import psycopg

from tests.contract.model.world import Event

Row = tuple[Any, ...]
COLUMNS = "request_id, action, project_id, actor_id, token_id"


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
        """The events of some projects, in their order."""
        names = ", ".join(f"'{project}'" for project in projects)
        query = f"SELECT {COLUMNS} FROM event WHERE project_id IN ({names}) ORDER BY id"
        return in_order([tuple(row) for row in self._connection.execute(query)])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def expected(events: Sequence[Event]) -> list[Row]:
    """The rows that the database should have."""
    return in_order(
        [
            (event.request, event.action, event.project, event.actor.id, event.token_id)
            for event in events
        ]
    )


def in_order(rows: Sequence[Row]) -> list[Row]:
    """The rows, where those of one request and action have no order among themselves.

    The tokens of a deleted project die together.
    """
    groups = groupby(rows, key=lambda row: row[:2])
    return [row for _, group in groups for row in sorted(group, key=str)]
