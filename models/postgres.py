"""PostgreSQL: a connection for each thread, and pools of them for the work of an event loop."""

import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from peewee import PostgresqlDatabase, _ConnectionState
from psycopg.pq import Escaping

from models.aside import Work, work_at_hand
from models.pool import Connection, Pool
from models.waiting import BUSY_SECONDS

CHANGES = "jeton_changes"
READERS, COUNTERS, WRITERS = 4, 4, 8


class _OfThread(_ConnectionState, threading.local):
    """What Peewee knows of a thread's connection."""


class PostgresStore(PostgresqlDatabase):
    """PostgreSQL through psycopg 3; opens nothing before it is asked.

    `epoch` is another object after each change that this process makes or hears of; `listens` says
    whether it hears of those of others; `lost` counts the connections that broke. When one breaks,
    all that were there are given up.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.epoch = object()
        self.listens = False
        self.lost = 0
        self.readers = Pool(READERS, self._open, self._is_good)
        self.counters = Pool(COUNTERS, self._open, self._is_good)
        self.writers = Pool(WRITERS, self._open, self._is_good)
        self._of_thread = _OfThread()
        self._opened: weakref.WeakSet[Connection] = weakref.WeakSet()
        super().__init__(
            url,
            prefer_psycopg3=True,
            thread_safe=False,  # its lock would be held while a connection is made
            connect_timeout=BUSY_SECONDS,
            tcp_user_timeout=1000 * BUSY_SECONDS,
            keepalives_idle=BUSY_SECONDS,
            options=f"-c statement_timeout={BUSY_SECONDS}s -c lock_timeout={BUSY_SECONDS}s",
        )

    @property
    def _state(self) -> Any:
        work = work_at_hand()
        return work.state if work else self._of_thread

    @_state.setter
    def _state(self, of_all: Any) -> None:
        """Peewee's own is one for all threads."""

    async def run_little(self, work: Callable[[], Any], *, writes: bool) -> Any:
        """What the work answers, which runs on the event loop and steps aside to wait.

        It asks the database within a session, for that gives connections back.

        Raises WouldWait where it reads too much for that; StorageUnavailable where too much work
        waits, or this takes too long.
        """
        pool = self.writers if writes else self.readers
        return await Work(work, pool, _ConnectionState()).outcome()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """PostgreSQL queues writers itself.

        A look-up on the event loop that comes to a write goes on with another connection: while it
        waits for a lock, it takes nothing from those that only read, nor from other writers.
        """
        work = work_at_hand()
        if work and work.pool is self.readers:
            self.release()
            work.pool = self.counters
        yield

    def check(self) -> None:
        """Nothing to do: a server that went away does not answer."""

    def renew(self) -> None:
        """Close what a thread has kept since before a connection broke: so may this be."""
        if not (self.is_closed() or self.in_transaction() or self._is_good(self._state.conn)):
            self.close()

    def release(self) -> None:
        """Give back a connection of a pool; a thread keeps its own while it works."""
        if self.is_closed() or self.in_transaction():
            return
        connection = self._state.conn
        try:
            connection.settle()
        finally:
            if connection.broken and connection.generation == self.lost:
                self.lost += 1
            if connection.closed or self._state is not self._of_thread:
                self.close()

    def close_all(self) -> None:
        """Close every connection, whoever has it; no work may be under way."""
        self.close()
        for connection in list(self._opened):
            connection.close()

    def version(self) -> object | None:
        """What is another whenever anybody has changed a token; None while nobody would tell."""
        return self.epoch if self.listens else None

    def announce(self) -> None:
        """Tell all workers, when the transaction is committed, that what they know is old."""
        self.execute_sql("SELECT pg_notify(%s, '')", (CHANGES,))

    def begin(self, *resources: str) -> None:  # type: ignore[override]  # as `atomic` is given them
        """Begin a transaction that holds resources: in one round trip, for others wait for them."""
        connection = self.connection()
        try:
            connection.execute(b"; ".join([b"BEGIN", *self._locks(resources)]), prepare=False)
        except BaseException:
            connection.settle()
            raise

    def hold(self, *resources: str) -> None:
        """Keep other writers of the resources out until the transaction ends."""
        for lock in self._locks(resources):
            self.connection().execute(lock, prepare=False)

    def _locks(self, resources: Iterable[str]) -> list[bytes]:
        literal = Escaping(self.connection().pgconn).escape_literal
        names = (bytes(literal(resource.encode())) for resource in resources)
        return [b"SELECT pg_advisory_xact_lock(hashtextextended(%b, 0))" % name for name in names]

    def _connect(self) -> Connection:
        work = work_at_hand()
        return work.pool.take(work) if work else self._open()

    def _close(self, conn: Connection) -> None:
        work = work_at_hand()
        if work:
            work.pool.give(conn)
        else:
            conn.close()

    def _open(self) -> Connection:
        generation = self.lost
        connection = Connection.connect(self.database, autocommit=True, **self.connect_params)
        connection.generation = generation
        self._opened.add(connection)
        return connection

    def _is_good(self, connection: Connection) -> bool:
        return connection.generation == self.lost and not connection.closed
