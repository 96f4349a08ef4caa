"""Where blocking work runs: beside the event loop when it may wait, on it when it cannot."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from models.database import RETRY_AFTER_SECONDS, WouldWait, database, may_wait
from models.failures import StorageUnavailable
from models.group_commit import Writer

THREADS = 16
WAITING_AT_MOST = 8 * THREADS
DEADLINE_SECONDS = 10
FINISH_SECONDS = 10

Result = TypeVar("Result")
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="jeton")
_writer = Writer()
_places = threading.BoundedSemaphore(WAITING_AT_MOST)


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
    if not _places.acquire(blocking=False):
        raise StorageUnavailable(retry_after=RETRY_AFTER_SECONDS)
    doing = _submit(work, together=writes and database.one_writer)
    doing.add_done_callback(lambda _: _places.release())
    try:
        return await asyncio.wait_for(asyncio.wrap_future(doing), DEADLINE_SECONDS)
    except TimeoutError:
        raise StorageUnavailable(retry_after=RETRY_AFTER_SECONDS) from None


def _submit(work: Callable[[], Result], *, together: bool) -> "Future[Result]":
    if together:
        return _writer.submit(work)
    return _pool.submit(contextvars.copy_context().run, work)


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
    _writer.finish()
    _pool.shutdown(wait=True)
