"""Work on the event loop of PostgreSQL: it steps aside, takes turns, and ends in time."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import psycopg
import pytest

from models import aside, pool
from models.database import database, session, writing
from models.failures import StorageUnavailable
from models.listening import Listener
from models.outages import diagnose
from models.pool import Connection
from models.postgres import READERS, WRITERS, PostgresStore
from models.project import create_project, find_project
from models.token import milliseconds
from models.verification import Needs, verify
from models.waiting import WouldWait, on_the_loop
from tests.live import free_port
from tests.unit.models.stores import ROOT, OpenedStore, actions, mint_api

NAP = 0.2
asked: ContextVar[str] = ContextVar("asked")

pytestmark = pytest.mark.usefixtures("postgres")


def slept(seconds: float = NAP) -> int:
    """Sleep in the database, and say which of its processes did."""
    with session():
        found = database.execute_sql("SELECT pg_backend_pid(), pg_sleep(%s)", (seconds,))
        process: int = found.fetchone()[0]
    return process


async def little(work: Callable[[], Any], *, writes: bool = False) -> Any:
    """Run work on the event loop."""
    return await database.obj.run_little(work, writes=writes)


async def crowd(count: int, work: Callable[[], Any] = slept) -> list[Any]:
    """Run work many times at once; answers or errors."""
    return await asyncio.gather(*(little(work) for _ in range(count)), return_exceptions=True)


def test_work_lets_others_work_while_it_waits() -> None:
    """As much as there are connections is done in the time of one, on the thread of the loop."""
    began = time.monotonic()
    assert len(set(asyncio.run(crowd(READERS)))) == READERS
    assert time.monotonic() - began < NAP * READERS
    assert asyncio.run(little(threading.current_thread)) is threading.main_thread()


def test_work_takes_turns() -> None:
    """More work than there are connections waits for one, and all of it is done."""
    processes = asyncio.run(crowd(READERS * 3))
    assert len(processes) == READERS * 3
    assert len(set(processes)) == READERS


def test_who_came_first_is_served_first() -> None:
    """Nobody who comes later has a connection before those who wait."""

    async def in_order() -> list[int]:
        order: list[int] = []

        async def noted(number: int) -> None:
            await little(lambda: slept(0.01))
            order.append(number)

        await asyncio.gather(*(noted(number) for number in range(READERS * 4)))
        return order

    order = asyncio.run(in_order())
    late = [number for place, number in enumerate(order) if number >= place + 2 * READERS]
    assert late == []


def test_writers_have_connections_of_their_own() -> None:
    """However many read, who writes does not wait for them."""

    async def both() -> list[str]:
        order: list[str] = []

        async def noted(name: str, *, writes: bool) -> None:
            await little(lambda: slept(NAP if name == "read" else 0), writes=writes)
            order.append(name)

        reading = [asyncio.create_task(noted("read", writes=False)) for _ in range(READERS * 2)]
        await asyncio.sleep(0)
        await noted("wrote", writes=True)
        await asyncio.gather(*reading)
        return order

    assert asyncio.run(both())[0] == "wrote"


def test_too_much_work_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound callers hear that the storage is not to be had; the others are served."""
    monkeypatch.setattr(pool, "WAITING_AT_MOST", 2)
    found = asyncio.run(crowd(READERS + 3))
    refused = [one for one in found if isinstance(one, StorageUnavailable)]
    assert len(refused) == 1
    assert len(set(found) - {*refused}) == READERS


def test_what_takes_too_long_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for the database, or for a turn, hears of it in time; later work is done."""
    monkeypatch.setattr(aside, "DEADLINE_SECONDS", NAP)

    async def hang() -> list[Any]:
        found = await crowd(READERS * 2, lambda: slept(20 * NAP))
        await aside.all_ended()
        assert await little(lambda: slept(0))
        return found

    began = time.monotonic()
    found = asyncio.run(hang())
    assert time.monotonic() - began < 10 * NAP
    assert [diagnose(error) is None for error in found] == [
        isinstance(error, StorageUnavailable) for error in found
    ]
    assert all(isinstance(error, Exception) for error in found)


def test_a_transaction_that_takes_too_long_is_rolled_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written, and what it held is free again."""
    monkeypatch.setattr(aside, "DEADLINE_SECONDS", NAP)

    def write() -> None:
        with session(), writing("something"):
            create_project("demo-project", None, by=ROOT)
            slept(20 * NAP)

    with pytest.raises(Exception) as caught:  # noqa: PT011  whichever the driver makes of it
        asyncio.run(little(write, writes=True))
    assert isinstance(caught.value, StorageUnavailable) or diagnose(caught.value)
    with writing("something"):
        assert actions() == []


def test_work_goes_on_where_its_caller_is_cancelled() -> None:
    """A write that was begun is ended, though nobody waits for its answer."""

    def write() -> None:
        with session():
            slept()
            create_project("demo-project", None, by=ROOT)

    async def leave() -> None:
        task = asyncio.create_task(little(write, writes=True))
        await asyncio.sleep(NAP / 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await aside.all_ended()

    asyncio.run(leave())
    assert find_project("demo-project")


def test_an_error_is_the_answer_and_costs_no_connection() -> None:
    """What the work raises, before it waits and afterwards, its caller hears."""

    def fail(first: Callable[[], object]) -> None:
        with session():
            first()
            raise LookupError

    async def failing() -> set[int]:
        found = [*await crowd(2 * READERS, lambda: fail(lambda: slept(0)))]
        found += await crowd(2 * READERS, lambda: fail(lambda: None))
        assert {type(error) for error in found} == {LookupError}
        return set(await crowd(READERS * 2))

    assert len(asyncio.run(failing())) == READERS


def test_work_sees_the_context_of_its_caller() -> None:
    """It is on the loop there, and what it sets is seen by nobody else."""

    def look() -> tuple[str, bool]:
        with session():
            slept(0)
            before = asked.get()
            asked.set("changed")
            slept(0)
        return before, on_the_loop.get()

    async def ask(name: str) -> tuple[str, bool]:
        asked.set(name)
        found: tuple[str, bool] = await little(look)
        assert (asked.get(), on_the_loop.get()) == (name, False)
        return found

    async def several() -> list[tuple[str, bool]]:
        return await asyncio.gather(*(asyncio.create_task(ask(str(n))) for n in range(20)))

    assert asyncio.run(several()) == [(str(n), True) for n in range(20)]


def test_what_would_hold_up_the_loop_is_given_back() -> None:
    """Work that reads too much says so, and keeps no connection."""

    def too_much() -> None:
        with session():
            slept(0)
            raise WouldWait

    async def often() -> list[Any]:
        return [type(error) for error in await crowd(3 * READERS, too_much)]

    assert set(asyncio.run(often())) == {WouldWait}


def test_one_lost_connection_is_the_end_of_all() -> None:
    """After a restart of PostgreSQL one caller hears of it, and all others have new connections."""

    async def restart() -> list[Any]:
        processes = await crowd(READERS)
        with psycopg.connect(database.url, autocommit=True) as other:
            for process in processes:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", (process,))
        with pytest.raises(Exception) as caught:  # noqa: PT011  the driver's
            await little(lambda: slept(0))
        assert diagnose(caught.value)
        return await crowd(READERS)

    assert {type(found) for found in asyncio.run(restart())} == {int}


def test_a_connection_that_cannot_be_made_is_an_outage_each_time() -> None:
    """A server that is away takes no place in the pool."""
    nowhere = PostgresStore(f"postgresql://nobody@127.0.0.1:{free_port()}/jeton")

    async def often() -> list[Any]:
        work = [
            nowhere.run_little(lambda: nowhere.execute_sql("SELECT 1"), writes=False)
            for _ in range(READERS * 3)
        ]
        return await asyncio.gather(*work, return_exceptions=True)

    assert all(diagnose(error) for error in asyncio.run(often()))
    assert all(diagnose(error) for error in asyncio.run(often()))


def test_connections_that_are_slow_to_make_are_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gave up waiting for one leaves it to others, and nobody makes another meanwhile."""
    monkeypatch.setattr(aside, "DEADLINE_SECONDS", NAP / 4)
    readers, making, most = database.obj.readers, [], [0]
    connect = readers.connect

    def slowly() -> Connection:
        making.append(1)
        most[0] = max(most[0], len(making))
        time.sleep(NAP)
        made: Connection = connect()
        making.pop()
        return made

    async def impatient() -> list[Any]:
        found = await crowd(READERS * 3, lambda: slept(0))
        await asyncio.sleep(NAP * 2)
        monkeypatch.setattr(aside, "DEADLINE_SECONDS", 10)
        assert len(set(await crowd(READERS * 3))) == READERS
        return found

    monkeypatch.setattr(readers, "connect", slowly)
    assert {type(error) for error in asyncio.run(impatient())} == {StorageUnavailable}
    assert most[0] == READERS


def test_greenlets_are_used_again() -> None:
    """However much work there is, and though readers that write change the pool."""

    def write() -> None:
        with session():
            slept(0)
            with writing("something"):
                slept(0)

    async def often() -> None:
        for _ in range(10):
            await little(write)

    asyncio.run(often())
    assert (len(database.obj.readers.hands), len(database.obj.counters.hands)) == (1, 0)


def test_uses_that_count_do_not_wait_for_writers() -> None:
    """A look-up that comes to a write waits for the lock of that alone."""

    def write(resource: str, seconds: float) -> None:
        with session():
            slept(0)
            with writing(resource):
                slept(seconds)

    async def both() -> tuple[float, int]:
        writing_long = [
            asyncio.create_task(little(lambda: write("busy", NAP / 4), writes=True))
            for _ in range(WRITERS * 2)
        ]
        await asyncio.sleep(0)
        began = time.monotonic()
        await asyncio.gather(*(little(lambda: write("idle", 0)) for _ in range(READERS * 2)))
        waited, left = time.monotonic() - began, sum(not one.done() for one in writing_long)
        await asyncio.gather(*writing_long)
        return waited, left

    waited, left = asyncio.run(both())
    assert waited < NAP * WRITERS / 4
    assert left > WRITERS


def test_who_leaves_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Callers who are gone before their turn leave it to those who stay."""
    monkeypatch.setattr(pool, "WAITING_AT_MOST", READERS)

    async def leave() -> list[Any]:
        busy = [asyncio.create_task(little(slept)) for _ in range(READERS)]
        await asyncio.sleep(NAP / 4)
        gone = [asyncio.create_task(little(slept)) for _ in range(READERS)]
        await asyncio.sleep(0)
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        began = time.monotonic()
        found = await crowd(READERS, lambda: slept(0))
        assert time.monotonic() - began < NAP
        return found + await asyncio.gather(*busy)

    assert {type(found) for found in asyncio.run(leave())} == {int}


def test_who_waits_too_long_for_a_lock_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connections of others are kept: the database is well."""
    monkeypatch.setattr(aside, "DEADLINE_SECONDS", NAP)

    def write() -> None:
        with session(), writing("something"):
            pass

    async def wait() -> tuple[set[int], set[int]]:
        before = set(await crowd(READERS, lambda: slept(NAP / 4)))
        with pytest.raises((StorageUnavailable, psycopg.Error)):
            await little(write, writes=True)
        return before, set(await crowd(READERS, lambda: slept(NAP / 4)))

    with writing("something"):
        before, after = asyncio.run(wait())
    assert before == after
    assert database.obj.lost == 0


def test_a_token_is_judged_when_its_row_is_there() -> None:
    """Waiting for a connection does not keep a token alive that ends meanwhile."""
    create_project("demo-project", None, by=ROOT)
    ends = milliseconds() + int(NAP * 500)
    secret = mint_api("demo-project", expires_at=ends).secret

    async def ask() -> str:
        busy = [asyncio.create_task(little(slept)) for _ in range(READERS)]
        await asyncio.sleep(0)
        verdict = await little(lambda: in_session(lambda: verify(secret, Needs())))
        await asyncio.gather(*busy)
        return str(verdict.reason)

    def in_session(work: Callable[[], Any]) -> Any:
        with session():
            return work()

    assert asyncio.run(ask()) == "expired"


def test_a_listener_that_cannot_connect_breaks_nothing() -> None:
    """Connections that were made before still work."""
    nowhere = PostgresStore(f"postgresql://nobody@127.0.0.1:{free_port()}/jeton")
    listener = Listener(nowhere)
    time.sleep(NAP)
    listener.stop()
    assert nowhere.lost == 0


def test_who_may_not_wait_waits_for_no_thread(postgres: OpenedStore) -> None:
    """A thread has a connection of its own, whoever is on the loop."""

    async def both() -> tuple[int, int]:
        on_loop, in_thread = await asyncio.gather(little(slept), asyncio.to_thread(slept))
        return on_loop, in_thread

    first, second = asyncio.run(both())
    assert first != second
