"""The databases of the twins: plain sqlite3, and psycopg with a pool, behind one small face."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, Protocol

import psycopg

from tests.bench.contestants.sql import LOCK, USED

CONNECTIONS = 8
SECONDS = 5
Rows = list[Any]
Run = Callable[[str, Sequence[Any]], Awaitable[Rows]]
Uses = list[tuple[int, str, int]]


class Taken(Exception):
    """The database refuses a row, for its name is taken."""


class Store(Protocol):
    """What a twin asks of a database."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def run(self, statement: str, values: Sequence[Any]) -> Rows: ...

    def writing(self, resource: str) -> Any: ...

    async def used(self, uses: Uses) -> None: ...


def store_at(url: str) -> Store:
    """The store behind `sqlite:///path` or `postgresql://...`; opens nothing yet."""
    if url.startswith("sqlite:"):
        return Sqlite(url.removeprefix("sqlite:///"))
    return Postgres(url)


class Sqlite:
    """One connection, used on the event loop; each commit waits for the disk, as Jeton's does."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.connection: sqlite3.Connection

    async def open(self) -> None:
        self.connection = sqlite3.connect(self.path, timeout=SECONDS, isolation_level=None)
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("PRAGMA foreign_keys = 1")

    async def close(self) -> None:
        self.connection.close()

    async def run(self, statement: str, values: Sequence[Any]) -> Rows:
        try:
            return self.connection.execute(statement, values).fetchall()
        except sqlite3.IntegrityError as error:
            raise Taken from error

    @asynccontextmanager
    async def writing(self, resource: str) -> AsyncIterator[Run]:
        """A write transaction. Nothing in it waits, so that no other begins meanwhile."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.run
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    async def used(self, uses: Uses) -> None:
        async with self.writing(""):
            self.connection.executemany(USED, uses)


class Postgres:
    """A pool of connections, the last used first; statements are prepared by the server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.free: asyncio.LifoQueue[psycopg.AsyncConnection[Any]] = asyncio.LifoQueue()

    async def open(self) -> None:
        for _ in range(CONNECTIONS):
            connection = await psycopg.AsyncConnection.connect(
                self.url, autocommit=True, prepare_threshold=0
            )
            self.free.put_nowait(connection)

    async def close(self) -> None:
        while not self.free.empty():
            await self.free.get_nowait().close()

    async def run(self, statement: str, values: Sequence[Any]) -> Rows:
        async with self._borrowed() as connection:
            return await _executed(connection, statement, values)

    @asynccontextmanager
    async def writing(self, resource: str) -> AsyncIterator[Run]:
        """A write transaction during which nobody else writes the resource."""
        async with self._borrowed() as connection, connection.transaction():
            await _executed(connection, LOCK, (resource,))

            async def run(statement: str, values: Sequence[Any]) -> Rows:
                return await _executed(connection, statement, values)

            yield run

    async def used(self, uses: Uses) -> None:
        async with self._borrowed() as connection, connection.transaction():
            await connection.cursor().executemany(_placed(USED), uses)

    @asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        connection = await self.free.get()
        try:
            yield connection
        finally:
            self.free.put_nowait(connection)


async def _executed(
    connection: psycopg.AsyncConnection[Any], statement: str, values: Sequence[Any]
) -> Rows:
    try:
        cursor = await connection.execute(_placed(statement), values)
    except psycopg.IntegrityError as error:
        raise Taken from error
    return await cursor.fetchall() if cursor.description else []


@lru_cache
def _placed(statement: str) -> Any:
    return statement.replace("?", "%s")
