"""Work on an event loop that steps aside while PostgreSQL answers.

Peewee knows no other way than to wait. Here its work runs in a greenlet: where the driver would
wait for a socket, the greenlet gives the loop back, and goes on when the socket is ready. What runs
elsewhere, in threads and commands, waits as ever.

A greenlet never calls the loop: that has pointers into the part of the stack that greenlets share.
It says what it waits for, and the loop's side sees to it.
"""

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, Protocol

from greenlet import GreenletExit, getcurrent, greenlet

from models.failures import StorageUnavailable
from models.waiting import DEADLINE_SECONDS, on_the_loop

LOOK_SECONDS = 0.02


class Awaited(Protocol):
    """What work waits for; the loop's side calls these."""

    def begin(self, work: "Work") -> None:
        """See to it that the work is resumed."""

    def end(self, work: "Work") -> None:
        """It is resumed, or waits no longer."""


class Turns(Awaited, Protocol):
    """The connections that work takes turns at; `hands` are those that are free."""

    hands: list["Hand"]

    def take(self, work: "Work") -> Any:
        """A connection, which work may have to wait for."""

    def give(self, connection: Any) -> None:
        """Take back what `take` gave."""

    def call_next(self) -> None:
        """Let who waits have what there is; the loop's side calls this."""


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

    def __init__(self, work: Callable[[], Any], pool: Turns, state: Any) -> None:
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
