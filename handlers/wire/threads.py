"""Where blocking work runs: beside the event loop when it may wait, on it when it cannot."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from models.database import RETRY_AFTER_SECONDS
from models.failures import StorageUnavailable

THREADS = 16
WAITING_AT_MOST = 8 * THREADS
FINISH_SECONDS = 10

Result = TypeVar("Result")
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="jeton")
_at_work = 0


async def run(work: Callable[[], Result], *, waits: bool) -> Result:
    """Run the work with the context of the caller; `waits` says whether it may have to wait.

    Raises StorageUnavailable where more work waits than can be done in time.
    """
    global _at_work
    if not waits:
        return work()
    if _at_work >= WAITING_AT_MOST:
        raise StorageUnavailable(retry_after=RETRY_AFTER_SECONDS)
    context = contextvars.copy_context()
    _at_work += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool, context.run, work)
    finally:
        _at_work -= 1


async def finish() -> bool:
    """Wait for the work at hand and take no more; says whether all of it ended in time."""
    ending = asyncio.to_thread(_pool.shutdown, wait=True)
    try:
        await asyncio.wait_for(asyncio.shield(ending), FINISH_SECONDS)
    except TimeoutError:
        return False
    return True
