"""Work beside the event loop: bounded, and finished before the end."""

import asyncio
import threading
from pathlib import Path

import pytest
from peewee import OperationalError

from handlers.wire import threads
from models import minting
from models.database import database, session, writing
from models.event import Event
from models.failures import StorageUnavailable
from models.outages import diagnose
from models.project import create_project
from models.sqlite import LOOP_CACHE_KIB
from models.waiting import WouldWait, on_the_loop
from tests.unit.models.stores import ROOT, actions, live_tokens, migrated, mint_api, opened


def test_little_work_runs_where_it_is(tmp_path: Path) -> None:
    """What is little runs on the event loop, all else in a thread."""

    async def where(*, little: bool) -> bool:
        return await threads.run(threading.current_thread, little=little) is threading.main_thread()

    with opened(migrated(f"sqlite:///{tmp_path / 'jeton.db'}")):
        assert asyncio.run(where(little=True))
        assert not asyncio.run(where(little=False))


def test_the_loop_keeps_more_of_the_file_in_memory(tmp_path: Path) -> None:
    """Where tokens are verified pages are remembered; of threads there are several."""

    def kept() -> int:
        with session():
            found = database.execute_sql("PRAGMA cache_size").fetchone()
        return -int(found[0])

    with opened(migrated(f"sqlite:///{tmp_path / 'jeton.db'}")):
        assert asyncio.run(threads.run(kept, little=True)) == LOOP_CACHE_KIB
        assert asyncio.run(threads.run(kept, little=False)) < LOOP_CACHE_KIB


def test_work_that_comes_to_a_write_begins_anew_in_a_transaction(tmp_path: Path) -> None:
    """What turns out to write waits for its turn first, and what it changed is done once."""
    began: list[bool] = []

    def work() -> str:
        began.append(database.in_transaction())
        with session():
            return create_project("demo-project", None, by=ROOT).id

    with opened(migrated(f"sqlite:///{tmp_path / 'jeton.db'}")):
        assert asyncio.run(threads.run(work, little=True)) == "demo-project"
        assert actions() == ["project.created"]
    assert began == [False, True]


def test_a_full_disk_is_still_known_as_one(tmp_path: Path) -> None:
    """Whatever way an error came, what caused it stands behind it."""

    def work() -> None:
        with session(), writing():
            database.execute_sql("PRAGMA max_page_count = 1")
            Event.record("filled" * 100_000, by=ROOT)

    with opened(migrated(f"sqlite:///{tmp_path / 'jeton.db'}")):
        for little in (True, False):
            with pytest.raises(OperationalError) as failed:
                asyncio.run(threads.run(work, little=little, writes=True))
            assert diagnose(failed.value)


def test_what_reads_too_much_begins_anew_in_a_thread(tmp_path: Path) -> None:
    """On the event loop it would hold up all else, whether it only reads or writes as well."""

    def work() -> threading.Thread:
        if on_the_loop.get():
            raise WouldWait
        return threading.current_thread()

    async def where(*, writes: bool) -> str:
        return (await threads.run(work, little=True, writes=writes)).name

    with opened(migrated(f"sqlite:///{tmp_path / 'jeton.db'}")):
        assert asyncio.run(where(writes=False)).startswith("jeton-reader")
        assert asyncio.run(where(writes=True)).startswith("jeton-writer")


def test_where_many_tokens_are_counted_a_thread_mints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project of many tokens holds up nobody else while they are counted."""
    monkeypatch.setattr(minting, "MANY", 2)
    began: list[str] = []

    def work() -> None:
        began.append(threading.current_thread().name.partition("_")[0])
        mint_api("demo-project", name=f"token-{len(began)}")

    with opened(migrated(f"sqlite:///{tmp_path / 'jeton.db'}")):
        create_project("demo-project", None, by=ROOT)
        for _ in range(3):
            asyncio.run(threads.run(work, little=True, writes=True))
        assert live_tokens("demo-project") == 3
    assert began == ["MainThread"] * 3 + ["jeton-writer"]


def test_what_may_wait_may_write_where_it_is(tmp_path: Path) -> None:
    """Only work on the event loop is forbidden to wait, and nothing forbids it afterwards."""

    async def on_the_loop() -> None:
        await threads.run(lambda: None, little=True)
        with writing("anything"):
            pass

    with opened(migrated(f"sqlite:///{tmp_path / 'jeton.db'}")):
        asyncio.run(on_the_loop())


def test_what_fails_on_the_loop_is_not_tried_again(tmp_path: Path) -> None:
    """An error of the work itself is the answer."""
    began: list[int] = []

    def work() -> None:
        began.append(1)
        raise StorageUnavailable

    url = migrated(f"sqlite:///{tmp_path / 'jeton.db'}")
    with opened(url), pytest.raises(StorageUnavailable):
        asyncio.run(threads.run(work, little=True))
    assert began == [1]


def test_too_much_work_is_refused_at_once(tmp_path: Path) -> None:
    """Beyond the bound readers hear that the storage is not to be had; writers have their own."""
    gate = threading.Event()

    async def crowd() -> None:
        waiting = [
            asyncio.create_task(threads.run(gate.wait, little=False))
            for _ in range(threads.WAITING_AT_MOST)
        ]
        await asyncio.sleep(0)
        with pytest.raises(StorageUnavailable):
            await threads.run(gate.wait, little=False)
        assert not await threads.run(gate.is_set, little=False, writes=True)
        gate.set()
        assert all(await asyncio.gather(*waiting))
        assert await threads.run(gate.wait, little=False)

    with opened(migrated(f"sqlite:///{tmp_path / 'jeton.db'}")):
        asyncio.run(crowd())
