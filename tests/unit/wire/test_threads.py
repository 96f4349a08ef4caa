"""Work beside the event loop: bounded, and finished before the end."""

import asyncio
import threading

import pytest

from handlers.wire import threads
from models.failures import StorageUnavailable


def test_work_that_cannot_wait_runs_where_it_is() -> None:
    """What never waits runs on the event loop, all else in a thread."""

    async def where(*, waits: bool) -> bool:
        return await threads.run(threading.current_thread, waits=waits) is threading.main_thread()

    assert asyncio.run(where(waits=False))
    assert not asyncio.run(where(waits=True))


def test_too_much_work_is_refused_at_once() -> None:
    """Beyond the bound it answers that the storage is not to be had, and takes work again later."""
    gate = threading.Event()

    async def crowd() -> None:
        waiting = [
            asyncio.create_task(threads.run(gate.wait, waits=True))
            for _ in range(threads.WAITING_AT_MOST)
        ]
        await asyncio.sleep(0)
        with pytest.raises(StorageUnavailable):
            await threads.run(gate.wait, waits=True)
        gate.set()
        assert all(await asyncio.gather(*waiting))
        assert await threads.run(gate.wait, waits=True)

    asyncio.run(crowd())
