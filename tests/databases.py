"""The databases that the tests run on: SQLite always, PostgreSQL where a server is found."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

CANDIDATES = (
    "postgresql://postgres@127.0.0.1:5432/postgres",
    "postgresql:///postgres",
)


def postgres_server() -> str | None:
    """A server where databases can be made: JETON_TEST_POSTGRES, or one on this machine."""
    for url in filter(None, (os.environ.get("JETON_TEST_POSTGRES"), *CANDIDATES)):
        try:
            with psycopg.connect(url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
            return url
        except psycopg.Error:
            continue
    return None


@contextmanager
def new_postgres_database(server: str) -> Iterator[str]:
    """The URL of a new database that is dropped again."""
    name = f"jeton_test_{secrets.token_hex(6)}"
    execute(server, f"CREATE DATABASE {name}")
    try:
        yield server.rpartition("/")[0] + "/" + name
    finally:
        execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def execute(url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a new, empty database of a kind: `sqlite` or `postgresql`."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'jeton.db'}"
    else:
        server = postgres_server()
        assert server is not None
        with new_postgres_database(server) as url:
            yield url
