"""Where blocking work runs: beside the event loop when it may wait, on it when it cannot.

What writes has threads of its own, so that a lock that many writers wait for stops no reader.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from models.database import RETRY_AFTER_SECONDS, WouldWait, database, keep_connection, may_wait
from models.failures import StorageUnavailable
from models.group_commit import Writer

READERS, WRITERS = 4, 4
WAITING_AT_MOST = 128
DEADLINE_SECONDS = 10
FINISH_SECONDS = 10

Result = TypeVar("Result")


class Crew:
    """Threads that work side by side, and places for so many who wait for them."""

    def __init__(self, threads: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(threads, name, initializer=keep_connection)
        self._places = threading.BoundedSemaphore(WAITING_AT_MOST)

    def submit(self, work: Callable[[], Any]) -> "Future[Any]":
        """Do the work as soon as it can be done; raises StorageUnavailable where too many wait."""
        if not self._places.acquire(blocking=False):
            raise StorageUnavailable(retry_after=RETRY_AFTER_SECONDS)
        doing = self._begin(work)
        doing.add_done_callback(lambda _: self._places.release())
        return doing

    def finish(self) -> None:
        """Do what waits, and take no more."""
        self._pool.shutdown(wait=True)

    def _begin(self, work: Callable[[], Any]) -> "Future[Any]":
        return self._pool.submit(contextvars.copy_context().run, work)


class WritingCrew(Crew):
    """Does together what writes, where the database has one writer."""

    def __init__(self, threads: int, name: str) -> None:
        super().__init__(threads, name)
        self._writer = Writer()

    def finish(self) -> None:
        """Do what waits, and take no more."""
        self._writer.finish()
        super().finish()

    def _begin(self, work: Callable[[], Any]) -> "Future[Any]":
        return self._writer.submit(work) if database.one_writer else super()._begin(work)


_readers = Crew(READERS, "jeton-reader")
_writers = WritingCrew(WRITERS, "jeton-writer")


async def run(work: Callable[[], Result], *, waits: bool, writes: bool = False) -> Result:
    """Run the work with the context of the caller; `waits` says whether it may have to wait.

    What `writes` is done together with other such work where the database has one writer.

    Work that was thought never to wait and comes to a point where it may is begun anew in a thread:
    it has changed nothing up to there. Raises StorageUnavailable where more work waits than can be
    done in time, or the work itself takes too long: a database that hangs answers nothing, not even
    an error.
    """
    if not waits:
        with suppress(WouldWait):
            return _at_once(work)
    doing = (_writers if writes else _readers).submit(work)
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            done: Result = await asyncio.wrap_future(doing)
    except TimeoutError:
        raise StorageUnavailable(retry_after=RETRY_AFTER_SECONDS) from None
    return done


def _at_once(work: Callable[[], Result]) -> Result:
    token = may_wait.set(False)
    try:
        return work()
    finally:
        may_wait.reset(token)


async def finish() -> bool:
    """Wait for the work at hand and take no more; says whether all of it ended in time."""
    ending = asyncio.to_thread(_finish)
    try:
        await asyncio.wait_for(asyncio.shield(ending), FINISH_SECONDS)
    except TimeoutError:
        return False
    return True


def _finish() -> None:
    _writers.finish()
    _readers.finish()
