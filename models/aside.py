"""Work on an event loop that steps aside while PostgreSQL answers.

Peewee knows no other way than to wait. Here its work runs in a greenlet: where the driver would
wait for a socket, the greenlet gives the loop back, and goes on when the socket is ready. What runs
elsewhere, in threads and commands, waits as ever.

A greenlet never calls the loop: that has pointers into the part of the stack that greenlets share.
It says what it waits for, and the loop's side sees to it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from contextvars import copy_context
from typing import Any, NamedTuple, Protocol

import psycopg
from greenlet import GreenletExit, getcurrent, greenlet
from psycopg.pq import TransactionStatus
from psycopg.waiting import Ready, Wait

from models.failures import StorageUnavailable
from models.waiting import on_the_loop

DEADLINE_SECONDS = 10
WAITING_AT_MOST = 128
LOOK_SECONDS = 0.02


class Awaited(Protocol):
    """What work waits for; the loop's side calls these."""

    def begin(self, work: "Work") -> None:
        """See to it that the work is resumed."""

    def end(self, work: "Work") -> None:
        """It is resumed, or waits no longer."""


class Hand(greenlet):
    """A greenlet that does one piece of work after the other, for making one takes longer."""

    def __init__(self) -> None:
        super().__init__()
        self.work: Work | None = None
        self.loop_side = getcurrent()

    def run(self) -> None:
        """Do the work at hand, and give the loop back; with the next work this goes on."""
        while self.work:
            self.work.do()
            self.work = None
            self.gr_context = None
            self.loop_side.switch()


def work_at_hand() -> "Work | None":
    """The work that is being done on the event loop; None in a thread or command."""
    hand = getcurrent()
    return hand.work if isinstance(hand, Hand) else None


class Work:
    """A piece of work on the running event loop, which takes connections from a pool.

    `state` is what others keep for each thread.
    """

    def __init__(self, work: Callable[[], Any], pool: "Pool", state: Any) -> None:
        self.loop = asyncio.get_running_loop()
        self.pool = pool
        self.state = state
        self._work = work
        self._hands: list[Hand]
        self._hand: Hand
        self._done = False
        self._answer: Any = None
        self._error: BaseException | None = None
        self._awaited: Awaited
        self._ended: asyncio.Future[Any]
        self._overdue: asyncio.TimerHandle

    async def outcome(self) -> Any:
        """What the work answers or raises.

        Where its caller is cancelled it goes on, unless it only waits for a connection.

        StorageUnavailable where it takes too long: a database that hangs answers nothing, not even
        an error.
        """
        self._hands = self.pool.hands
        self._hand = self._hands.pop() if self._hands else Hand()
        self._hand.work = self
        context = copy_context()
        context.run(on_the_loop.set, True)
        self._hand.gr_context = context
        awaited = self._hand.switch()
        if not self._done:
            _under_way.add(self)
            self._ended = self.loop.create_future()
            self._overdue = self.loop.call_later(DEADLINE_SECONDS, self._give_up)
            self._awaited = awaited
            awaited.begin(self)
            try:
                await self._ended
            except asyncio.CancelledError:
                self._leave()
                raise
        else:
            self._hands.append(self._hand)
        if self._error:
            try:
                raise self._error
            finally:
                self._error = None  # which knows this frame
        return self._answer

    def do(self) -> None:
        """Do it, and keep what became of it."""
        try:
            self._answer = self._work()
        except GreenletExit:
            raise
        except BaseException as error:
            self._error = error
        self._done = True

    def step_aside(self, awaited: Awaited) -> Any:
        """Give the loop back; what the work is resumed with."""
        return self._hand.loop_side.switch(awaited)

    def resume(self, awaited: Awaited, value: Any = None) -> bool:
        """Go on with the work, if it still waits for this; says whether it did."""
        if self._done or awaited is not self._awaited:
            return False
        self._go_on(self._hand.switch, value)
        return True

    def _leave(self) -> None:
        """Whoever is gone keeps nobody else from having a turn."""
        if self._awaited is self.pool:
            self._give_up()

    def _give_up(self) -> None:
        self._go_on(self._hand.throw, StorageUnavailable())

    def _go_on(self, way: Callable[[Any], Any], value: Any) -> None:
        self._awaited.end(self)
        before = self.pool
        awaited = way(value)
        if self._done:
            self._end()
        else:
            self._awaited = awaited
            awaited.begin(self)
        before.call_next()
        self.pool.call_next()

    def _end(self) -> None:
        _under_way.discard(self)
        self._overdue.cancel()
        self._hands.append(self._hand)
        if not self._ended.done():
            self._ended.set_result(None)


async def all_ended() -> None:
    """Wait for the work that is under way, also that whose caller was cancelled."""
    while _under_way:
        await asyncio.sleep(LOOK_SECONDS)


_under_way: set[Work] = set()


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
