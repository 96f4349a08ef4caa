"""Where work runs: on the event loop what is little, where the database allows it, all else beside.

What writes has threads of its own, so that a lock that many writers wait for stops no reader.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar, cast

from models.aside import all_ended
from models.database import database
from models.failures import StorageUnavailable
from models.group_commit import Group
from models.waiting import DEADLINE_SECONDS, WAITING_AT_MOST, WouldWait, WouldWrite

READERS, WRITERS = 4, 4
FINISH_SECONDS = 10

Result = TypeVar("Result")


class Crew:
    """Threads that work side by side, and places for so many who wait for them."""

    def __init__(self, threads: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._places = threading.BoundedSemaphore(WAITING_AT_MOST)

    def submit(self, work: Callable[[], Any]) -> "Future[Any]":
        """Do the work as soon as it can be done; raises StorageUnavailable where too many wait."""
        if not self._places.acquire(blocking=False):
            raise StorageUnavailable
        doing = self._pool.submit(contextvars.copy_context().run, work)
        doing.add_done_callback(lambda _: self._places.release())
        return doing

    def finish(self) -> None:
        """Do what waits, and take no more."""
        self._pool.shutdown(wait=True)


_readers = Crew(READERS, "jeton-reader")
_writers = Crew(WRITERS, "jeton-writer")
_group = Group()


async def run(work: Callable[[], Result], *, little: bool, writes: bool = False) -> Result:
    """What the work answers, which is done with the context of the caller.

    `little` work touches few rows and does not sleep: it runs on the event loop where the database
    can be asked there without holding up all else. Where the database has one writer, little work
    that `writes`, or comes to a point where it has to, is done together with other such work: begun
    anew, for it has changed nothing that lasts. What reads too much is begun anew in a thread.

    Raises StorageUnavailable where more work waits than can be done in time, or the work itself
    takes too long: a database that hangs answers nothing, not even an error.
    """
    if little:
        with suppress(WouldWait):
            try:
                return cast(Result, await database.obj.run_little(work, writes=writes))
            except WouldWrite:
                writes = True
            # Not in the handler: what fails would take that for its cause, and hide a full disk.
            return cast(Result, await _group.outcome(work))
    doing: Future[Result] = (_writers if writes else _readers).submit(work)
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await asyncio.wrap_future(doing)
    except TimeoutError:
        raise StorageUnavailable from None


async def finish() -> bool:
    """Wait for the work at hand and take no more; says whether all of it ended in time."""
    ending = asyncio.gather(all_ended(), _group.finish(), asyncio.to_thread(_finish))
    try:
        await asyncio.wait_for(asyncio.shield(ending), FINISH_SECONDS)
    except TimeoutError:
        return False
    return True


def _finish() -> None:
    _writers.finish()
    _readers.finish()
