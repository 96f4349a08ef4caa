"""The rows that creating wrote: counted, shown and taken away again, past all contestants."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import psycopg

from tests.bench.scene import CREATED

CREATED_LIKE = CREATED.format("%")
FRESH = ("id", "name", "digest", "sealed", "fingerprint", "hint", "created_at", "at", "token_id")
UNKNOWN_TO_STOCK = "request_id"


def execute(url: str, statement: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Run one statement on the database of a run, in a connection of its own."""
    if url.startswith("sqlite:"):
        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
            return _told(connection.execute(statement, values))
    with psycopg.connect(url) as connection:
        return _told(connection.execute(statement.replace("?", "%s"), values))  # type: ignore


def created(url: str) -> tuple[int, int]:
    """How many tokens the projects for creating hold, and how many events tell of tokens there."""
    counted = "SELECT COUNT(*) AS n FROM {} WHERE project_id LIKE ?"
    tokens = execute(url, counted.format("token"), (CREATED_LIKE,))
    events = counted.format("event") + " AND action = 'token.minted'"
    return tokens[0]["n"], execute(url, events, (CREATED_LIKE,))[0]["n"]


def forget_created(url: str) -> None:
    """Take the tokens away, so that each round meets the same store; events stay for ever."""
    execute(url, "DELETE FROM token WHERE project_id LIKE ?", (CREATED_LIKE,))


def minted(url: str, secret_ends: str) -> list[dict[str, Any]]:
    """The row of a token and that of its event, without what is new in each."""
    tokens = execute(
        url, "SELECT * FROM token WHERE project_id LIKE ? AND hint = ?", (CREATED_LIKE, secret_ends)
    )
    events = execute(url, "SELECT * FROM event WHERE token_id = ?", (tokens[0]["id"],))
    return [_lasting(row) for row in (*tokens, *events)]


def _lasting(row: dict[str, Any]) -> dict[str, Any]:
    """The row; of what is new each time only the form."""
    return {
        name: _form(value) if name in FRESH else value
        for name, value in row.items()
        if name != UNKNOWN_TO_STOCK
    }


def _form(value: Any) -> Any:
    if isinstance(value, bytes | str):
        return re.sub(r"[0-9a-f]", "x", value) if isinstance(value, str) else len(value)
    return type(value)


def _told(cursor: Any) -> list[dict[str, Any]]:
    if cursor.description is None:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
