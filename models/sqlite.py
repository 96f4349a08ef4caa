"""SQLite in write-ahead mode: readers never wait for a writer, writers take turns."""

import fcntl
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import quote

from peewee import OperationalError, _ConnectionState, _savepoint
from playhouse.pool import PooledSqliteDatabase

from models.waiting import BUSY_SECONDS, WouldWrite, on_the_loop

LOOP_CACHE_KIB = 16_000  # some two thousand tokens, looked up in a store of any size
LOCKED = "database is locked"
GONE = "the database file was removed or replaced"

# The works of a group share a connection with the thread that waits for them (group_commit.py).
in_group = ContextVar("in_group", default=False)


class SqliteStore(PooledSqliteDatabase):
    """SQLite in write-ahead mode: readers never wait for a writer, writers take turns."""

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
        self._of_group = _ConnectionState()
        self.epoch = object()

    @property
    def _state(self) -> Any:
        return self._of_group if in_group.get() else self._of_thread

    @_state.setter
    def _state(self, of_thread: Any) -> None:
        self._of_thread = of_thread

    def init(self, database: str, timeout: float = BUSY_SECONDS, **options: Any) -> None:
        """Name the file; `timeout` is how long SQLite waits for a lock, in seconds."""
        # PooledDatabase reads `timeout` as its own wait for a connection; it means SQLite's here.
        super().init(database, **options)
        self._wait_timeout = None
        self._timeout = timeout

    async def run_little(self, work: Callable[[], Any], *, writes: bool) -> Any:
        """What the work answers, which runs on the event loop, where a reader never waits.

        Raises WouldWrite, or WouldWait where it reads too much; it has changed nothing then.
        """
        if writes:
            raise WouldWrite
        token = on_the_loop.set(True)
        try:
            return work()
        finally:
            on_the_loop.reset(token)

    @property
    def turnstile(self) -> Path:
        """The side file that writers lock. It also tells that a database once was here."""
        return self.path.with_name(self.path.name + "-turn")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn to write: SQLite's own back-off starves writers under load.

        Raises WouldWrite on the event loop.
        """
        if on_the_loop.get():
            raise WouldWrite
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

    def begin(self, *resources: str) -> None:
        """Begin a transaction, which holds the whole database."""
        super().begin()

    def savepoint(self) -> "Savepoint":
        """What can be taken back without the whole transaction."""
        return Savepoint(self)

    def hold(self, *resources: str) -> None:
        """Nothing to do: the transaction holds the whole database."""

    def version(self) -> object | None:
        """What is another whenever anybody has changed the file; of use to this thread only."""
        connection = self.connection()
        return self.epoch, connection, *connection.execute("PRAGMA data_version").fetchone()

    def announce(self) -> None:
        """Nothing to do: the file tells every process that it changed."""

    def _add_conn_hooks(self, conn: Any) -> None:
        super()._add_conn_hooks(conn)
        if on_the_loop.get():  # where tokens are verified; there is one, threads have several
            conn.execute(f"PRAGMA cache_size = -{LOOP_CACHE_KIB}")

    def _descriptor(self) -> int:
        # A descriptor inherited by fork would share the parent's lock.
        if self._turnstile is None or self._turnstile[0] != os.getpid():
            self._turnstile = os.getpid(), os.open(self.turnstile, os.O_CREAT | os.O_RDWR, 0o600)
        return self._turnstile[1]


class Savepoint(_savepoint):
    """A savepoint whose name SQLite need not compile anew each time.

    The last of a name is meant, so that one which was rolled back must not stay.
    """

    def __init__(self, db: SqliteStore) -> None:
        super().__init__(db, sid="s")

    def rollback(self, begin: bool = True) -> None:
        """Take back what was done since, and forget the savepoint; `begin` makes another."""
        super().rollback(begin=False)
        self.commit(begin)


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
