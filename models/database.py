"""The database: connect, read, take turns at writing. SQLite and PostgreSQL behind one face."""

import fcntl
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from peewee import DatabaseProxy, Model, OperationalError
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

BUSY_SECONDS = 5
POOL_SIZE = 20
RETRY_AFTER_SECONDS = 2
LAST_USED, RESEAL = "last-used", "reseal"
CHANGES = "jeton_changes"
may_wait = ContextVar("may_wait", default=True)
LOCKED = "database is locked"
GONE = "the database file was removed or replaced"
APPLICATION_ID = 0x4A65746F  # "Jeto" in the header of the SQLite file
database: Any = DatabaseProxy()


class _Thread(threading.local):
    keeps, lost = False, 0


_thread = _Thread()


def keep_connection() -> None:
    """Keep what this thread connects: it lives as long as the process, and many fight for a pool.

    When one breaks, all are given up.
    """
    _thread.keeps = True


class WouldWait(Exception):
    """Work that must not wait came to a point where it may have to."""


class Row(Model):
    """A table of the store."""

    class Meta:
        database = database
        legacy_table_names = False


class SqliteStore(PooledSqliteDatabase):
    """SQLite in write-ahead mode: readers never wait for a writer, writers take turns."""

    one_writer = True

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        # rw: a file that went missing is an outage, not a reason to make an empty one.
        super().__init__(
            f"file:{quote(str(path))}?mode=rw",
            uri=True,
            max_connections=None,
            pragmas={"synchronous": "FULL", "foreign_keys": 1},
            lock_type="IMMEDIATE",
            timeout=busy_seconds,
            check_same_thread=False,
        )
        self.path = path
        self.busy_seconds = self._timeout = busy_seconds
        self._mutex = threading.Lock()
        self._turnstile: tuple[int, int] | None = None
        self._inode: int | None = None
        self.epoch = object()

    def init(self, database: str, timeout: float = BUSY_SECONDS, **options: Any) -> None:
        """Name the file; `timeout` is how long SQLite waits for a lock, in seconds."""
        # PooledDatabase reads `timeout` as its own wait for a connection; it means SQLite's here.
        super().init(database, **options)
        self._wait_timeout = None
        self._timeout = timeout

    @property
    def turnstile(self) -> Path:
        """The side file that writers lock. It also tells that a database once was here."""
        return self.path.with_name(self.path.name + "-turn")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn to write: SQLite's own back-off starves writers under load."""
        deadline = time.monotonic() + self.busy_seconds
        if not self._mutex.acquire(timeout=self.busy_seconds):
            raise OperationalError(LOCKED)
        try:
            self.check()
            descriptor = self._descriptor()
            wait_for_lock(descriptor, deadline - time.monotonic())
            try:
                yield
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            self._mutex.release()

    def release(self) -> None:
        """Keep the connection for the thread: it costs more to open than to use."""
        if self.in_transaction() or self.is_closed():
            return
        if self.connection().in_transaction:
            self.connection().rollback()

    def renew(self) -> None:
        """Nothing to do: a file does not hang up."""

    def check(self) -> None:
        """See that the file is the one that was opened first; raises OperationalError."""
        try:
            inode = self.path.stat().st_ino
        except FileNotFoundError:
            raise OperationalError(GONE) from None
        self._inode = self._inode or inode
        if inode != self._inode:
            raise OperationalError(GONE)

    def hold(self, resource: str) -> None:
        """Nothing to do: an IMMEDIATE transaction holds the whole database."""

    def version(self) -> object | None:
        """What is another whenever anybody has changed the file; of use to this thread only."""
        connection = self.connection()
        return self.epoch, connection, *connection.execute("PRAGMA data_version").fetchone()

    def announce(self) -> None:
        """Nothing to do: the file tells every process that it changed."""

    def _descriptor(self) -> int:
        # A descriptor inherited by fork would share the parent's lock.
        if self._turnstile is None or self._turnstile[0] != os.getpid():
            self._turnstile = os.getpid(), os.open(self.turnstile, os.O_CREAT | os.O_RDWR, 0o600)
        return self._turnstile[1]


class PostgresStore(PooledPostgresqlDatabase):
    """PostgreSQL through psycopg 3 and a pool; opens nothing before it is asked.

    `epoch` is another object after each change that this process makes or hears of; `listens` says
    whether it hears of those of others; `lost` counts the connections that broke.
    """

    one_writer = False

    def __init__(self, url: str) -> None:
        self.url = url
        self.epoch = object()
        self.listens = False
        self.lost = 0
        super().__init__(
            url,
            prefer_psycopg3=True,
            max_connections=POOL_SIZE,
            timeout=BUSY_SECONDS,
            connect_timeout=BUSY_SECONDS,
            tcp_user_timeout=1000 * BUSY_SECONDS,
            keepalives_idle=BUSY_SECONDS,
            options=f"-c statement_timeout={BUSY_SECONDS}s -c lock_timeout={BUSY_SECONDS}s",
        )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """PostgreSQL queues writers itself."""
        yield

    def check(self) -> None:
        """Nothing to do: a server that went away does not answer."""

    def release(self) -> None:
        """Give the connection back to the pool, unless it is in use or its thread keeps it."""
        if self.is_closed() or self.in_transaction():
            return
        connection = self.connection()
        if self._is_closed(connection) or not self._can_reuse(connection):
            self.lost += 1
            self.close()
        elif not _thread.keeps:
            self.close()

    def renew(self) -> None:
        """Give up a connection that was kept since before the last one broke: so may it be."""
        if _thread.lost != self.lost and not self.in_transaction():
            _thread.lost = self.lost
            self.manual_close()

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run a statement; raises WouldWait where nothing may wait, for it is a round trip."""
        if not may_wait.get():
            raise WouldWait
        return super().execute_sql(sql, params)

    def version(self) -> object | None:
        """What is another whenever anybody has changed a token; None while nobody would tell."""
        return self.epoch if self.listens else None

    def announce(self) -> None:
        """Tell all workers, when the transaction is committed, that what they know is old."""
        self.execute_sql("SELECT pg_notify(%s, '')", (CHANGES,))

    def hold(self, resource: str) -> None:
        """Keep other writers of the resource out until the transaction ends."""
        self.execute_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (resource,))


def connect(url: str) -> None:
    """Bind the models to `sqlite:///path` or `postgresql://...`; opens no connection yet."""
    if url.startswith("sqlite:"):
        database.initialize(SqliteStore(Path(urlsplit(url).path[1:])))
    else:
        database.initialize(PostgresStore(url))


class Session:
    """A block after which the connection that it opened is given back."""

    def __enter__(self) -> None:
        database.obj.renew()

    def __exit__(self, *_: object) -> None:
        database.obj.release()


def session() -> Session:
    """Give back the connection that the block opened, if it asked the database at all."""
    return _SESSION


_SESSION = Session()


@contextmanager
def writing(*resources: str) -> Iterator[None]:
    """A write transaction during which nobody else writes those resources.

    Within another one it is a part of that. Raises WouldWait where nothing may wait.
    """
    if not may_wait.get():
        raise WouldWait
    turn = nullcontext() if database.in_transaction() else database.turn()
    try:
        with turn, database.atomic():
            for resource in resources:
                database.hold(resource)
            yield
    finally:
        if resources != (LAST_USED,):
            database.obj.epoch = object()


def wait_for_lock(descriptor: int, seconds: float) -> None:
    """Lock an open file; raises OperationalError where that takes too long."""
    deadline = time.monotonic() + seconds
    while not _locked(descriptor):
        if time.monotonic() > deadline:
            raise OperationalError(LOCKED)
        time.sleep(random.uniform(0.0002, 0.002))  # noqa: S311  spreads the waiting


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
