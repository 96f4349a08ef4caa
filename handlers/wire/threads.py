"""Where blocking work runs: beside the event loop when it may wait, on it when it cannot."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

THREADS = 16

Result = TypeVar("Result")
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="jeton")


async def run(work: Callable[[], Result], *, waits: bool) -> Result:
    """Run the work with the context of the caller; `waits` says whether it may have to wait."""
    if not waits:
        return work()
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_pool, context.run, work)
