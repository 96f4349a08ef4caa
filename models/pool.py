"""Connections to PostgreSQL for work on the event loop: how they wait, and whose turn it is."""

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.waiting import Ready, Wait

from models.aside import Hand, Work, work_at_hand
from models.failures import StorageUnavailable
from models.waiting import WAITING_AT_MOST


class _Socket(NamedTuple):
    """A socket to be ready for what is wanted."""

    fd: int
    wanted: Wait

    def begin(self, work: Work) -> None:
        if self.wanted & Wait.R:
            work.loop.add_reader(self.fd, work.resume, self, Ready.R)
        if self.wanted & Wait.W:
            work.loop.add_writer(self.fd, work.resume, self, Ready.W)

    def end(self, work: Work) -> None:
        if self.wanted & Wait.R:
            work.loop.remove_reader(self.fd)
        if self.wanted & Wait.W:
            work.loop.remove_writer(self.fd)


class Connection(psycopg.Connection[Any]):
    """A connection for which Work steps aside; everything else waits.

    `generation` tells those apart that were made before and after another one broke.
    """

    generation: int

    def __del__(self, *_: Any) -> None:
        """Close what a thread has left behind at its end; psycopg would complain."""
        self.close()

    def settle(self) -> None:
        """Roll back what was left open; where that fails, the connection is closed or broken."""
        try:
            if self.info.transaction_status != TransactionStatus.IDLE:
                self.rollback()
        except psycopg.Error:
            if not self.broken:
                self.close()

    def wait(self, gen: Generator[Any, Any, Any], *limits: Any, **more: Any) -> Any:
        """Run what the driver has to do, waiting for the socket as often as it says."""
        work = work_at_hand()
        if work is None:
            return super().wait(gen, *limits, **more)
        try:
            wanted = next(gen)
            while True:
                wanted = gen.send(self._ready(work, wanted))
        except StopIteration as done:
            return done.value

    def _ready(self, work: Work, wanted: Wait) -> Any:
        try:
            return work.step_aside(_Socket(self.fileno(), wanted))
        except BaseException:
            self.close()  # what it was asked may still be answered
            raise


class _Connecting:
    """A connection of a pool that is made in a thread, for names are looked up."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    def begin(self, work: Work) -> None:
        connecting = work.loop.run_in_executor(None, self._pool.connect)
        connecting.add_done_callback(lambda connected: self._arrived(work, connected))

    def end(self, work: Work) -> None:
        """Nothing: it is made nevertheless."""

    def _arrived(self, work: Work, connected: "asyncio.Future[Connection]") -> None:
        if not work.resume(self, connected):
            self._pool.take_unwanted(connected)


class Pool:
    """At most so many connections for Work, which takes turns where it wants more.

    `connect` makes one, and `is_good` says whether it can still be used.
    """

    def __init__(
        self,
        size: int,
        connect: Callable[[], Connection],
        is_good: Callable[[Connection], bool],
    ) -> None:
        self._size = size
        self.connect = connect
        self._is_good = is_good
        self._made = 0
        self._idle: list[Connection] = []
        self._waiting: deque[Work] = deque()
        self._calling = False
        self.hands: list[Hand] = []

    def take(self, work: Work) -> Connection:
        """A good connection; raises StorageUnavailable where too many wait."""
        while True:
            while self._idle:
                if self._is_good(connection := self._idle.pop()):
                    return connection
                connection.close()
                self._made -= 1
            if self._made < self._size:
                return self._new(work)
            if len(self._waiting) >= WAITING_AT_MOST:
                raise StorageUnavailable
            work.step_aside(self)

    def give(self, connection: Connection) -> None:
        """Take a connection back that `take` gave, good or not."""
        self._idle.append(connection)

    def call_next(self) -> None:
        """Let who waits have the connections that are to be had; the loop's side calls this.

        At once, so that nobody who comes later is before them.
        """
        if not self._calling:
            self._calling = True
            while self._waiting and (self._idle or self._made < self._size):
                self._waiting[0].resume(self)
            self._calling = False

    def begin(self, work: Work) -> None:
        """The work waits for its turn."""
        self._waiting.append(work)

    def end(self, work: Work) -> None:
        """It has its turn, or waits no longer."""
        self._waiting.remove(work)

    def take_unwanted(self, connected: "asyncio.Future[Connection]") -> None:
        """Take a connection that was made for work which waited no longer, if it was made."""
        if connected.exception() is None:
            self._idle.append(connected.result())
        else:
            self._made -= 1
        self.call_next()

    def _new(self, work: Work) -> Connection:
        self._made += 1
        connected = work.step_aside(_Connecting(self))
        if connected.exception():
            self._made -= 1
        made: Connection = connected.result()
        return made
