"""Many tokens at once, in the shape of minted ones: real digests, sealed secrets, an event each."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, NamedTuple

import psycopg

from models.secrets import Keyring, api_token, new_row_id, prefixed_token, share_token
from tests.bench.contestants.sql import INSERTED, TOLD

COLUMNS = (*INSERTED, "role")
CHUNK = 5_000
BORN = 1_700_000_000_000
ENVIRONMENT = "development"
OPERATOR = "bench loader"
Progress = Callable[[int], None]


class Made(NamedTuple):
    """A secret and the rows of its token and event."""

    secret: str
    token: tuple[Any, ...]
    event: tuple[Any, ...]


def make(keyring: Keyring, project: str, kind: str, name: str) -> Made:
    """A token of a project that nobody has written yet."""
    row_id = new_row_id()
    if kind == "api":
        secret, shown, type_ = (
            api_token(project, ENVIRONMENT),
            f"{project}:{ENVIRONMENT}.",
            "backend",
        )
    else:
        secret = share_token() if kind == "share" else prefixed_token("jeton_project")
        shown, type_ = "", None if kind == "share" else "restricted"
    sealed = None if kind == "project" else keyring.seal(secret, row_id)
    kept = keyring.digest(secret), sealed, keyring.newest.id.hex(), keyring.fingerprint(secret)
    environment = ENVIRONMENT if kind == "api" else None
    settings = shown, secret[-4:], type_, environment, OPERATOR, BORN, None
    role = "viewer" if kind == "project" else None
    event = (new_row_id(), BORN, "token.minted", project, row_id, OPERATOR, OPERATOR, None, None)
    return Made(secret, (row_id, kind, project, name, *kept, *settings, role), event)


def write(url: str, projects: Iterable[str], made: Iterable[Made], progress: Progress) -> None:
    """Write projects and tokens in chunks, telling how many tokens there are after each."""
    writing = _to_sqlite if url.startswith("sqlite:") else _to_postgres
    rows = [(project, project[:60], BORN) for project in projects]
    writing(url, rows, _chunks(made), progress)


def _to_sqlite(
    url: str, projects: Sequence[Any], chunks: Iterator[list[Made]], progress: Progress
) -> None:
    done = 0
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -2000000")
        with connection:
            connection.executemany(_insert("project", ("id", "name", "created_at")), projects)
            for chunk in chunks:
                tokens, events = [made.token for made in chunk], [made.event for made in chunk]
                connection.executemany(_insert("token", COLUMNS), tokens)
                connection.executemany(_insert("event", TOLD), events)
                progress(done := done + len(chunk))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _to_postgres(
    url: str, projects: Sequence[Any], chunks: Iterator[list[Made]], progress: Progress
) -> None:
    done = 0
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.transaction():
            _copy(connection, "project", ("id", "name", "created_at"), projects)
            for chunk in chunks:
                _copy(connection, "token", COLUMNS, [made.token for made in chunk])
                _copy(connection, "event", TOLD, [made.event for made in chunk])
                progress(done := done + len(chunk))
        connection.execute("VACUUM ANALYZE")


def _copy(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: Iterable[Any]
) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[call-overload]
        for row in rows:
            copy.write_row(row)


def _insert(table: str, columns: Sequence[str]) -> str:
    places = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"


def _chunks(made: Iterable[Made]) -> Iterator[list[Made]]:
    made = iter(made)
    while chunk := list(islice(made, CHUNK)):
        yield chunk
