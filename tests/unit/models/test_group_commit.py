"""Group commit: what waits is written together, and each for itself."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from peewee import OperationalError

from models.database import database
from models.event import Event
from models.failures import ProjectExists, StorageUnavailable
from models.group_commit import TOGETHER, TOGETHER_SECONDS, Group
from models.outages import diagnose
from models.project import create_project
from models.waiting import WAITING_AT_MOST, WouldWait
from tests.unit.models.stores import ROOT, OpenedStore, actions, locked

PATIENCE_SECONDS = 20
Tasks = list["asyncio.Task[Any]"]


@pytest.fixture
def group(sqlite: OpenedStore) -> Group:
    """A group that writes into a SQLite store."""
    return Group()


def create(name: str) -> str:
    """Make a project."""
    return create_project(f"project-{name}", None, by=ROOT).id


def begun(group: Group, *works: Callable[[], Any]) -> Tasks:
    """Works that were asked for at once, so that they are done together."""
    return [asyncio.create_task(group.outcome(work)) for work in works]


async def outcomes(tasks: Tasks) -> list[Any]:
    """What became of each: an answer or an error."""
    return await asyncio.gather(*tasks, return_exceptions=True)


def done(group: Group, *works: Callable[[], Any]) -> list[Any]:
    """What becomes of works that are asked for at once."""
    return run(group, lambda: outcomes(begun(group, *works)))


def run(group: Group, asking: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run it on an event loop, which ends when the group has finished."""

    async def whole() -> Any:
        answer = await asking()
        await group.finish()
        return answer

    return asyncio.run(whole())


@contextmanager
def turns(count: int) -> Iterator[None]:
    """The block takes the turn to write so many times."""
    taken: list[bool] = []
    bound = database.obj
    turn = bound.turn

    def counting() -> object:
        taken.append(True)
        return turn()

    bound.turn = counting
    try:
        yield
    finally:
        del bound.turn
    assert len(taken) == count


def test_what_waits_is_written_together(group: Group) -> None:
    """Many works take one turn, more than fit take another, and none is lost."""
    works = [partial(Event.record, f"done-{number}", by=ROOT) for number in range(TOGETHER + 3)]
    with turns(2):
        assert done(group, *works) == [None] * len(works)
    assert actions() == [f"done-{number}" for number in range(len(works))]


def test_who_is_answered_is_on_disk(group: Group, sqlite: OpenedStore) -> None:
    """Another program sees what was answered."""
    path = sqlite.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as other:

        async def each() -> None:
            for number in range(5):
                await group.outcome(partial(create, f"seen-{number}"))
                seen = other.execute("SELECT count(*) FROM project").fetchone()
                assert seen == (number + 1,)

        run(group, each)


def test_the_loop_works_and_a_thread_waits(group: Group) -> None:
    """Works are done where they were asked for; their turn is waited for elsewhere."""
    waiting: list[threading.Thread] = []
    bound, turn = database.obj, database.obj.turn

    def seen() -> object:
        waiting.append(threading.current_thread())
        return turn()

    bound.turn = seen
    assert done(group, threading.current_thread) == [threading.main_thread()]
    assert waiting[0] is not threading.main_thread()


def test_who_reads_meanwhile_sees_nothing_of_it(group: Group) -> None:
    """While the disk is awaited the loop goes on, and what a work has written is the group's."""
    bound, commit = database.obj, database.obj.commit
    writing, gate = threading.Event(), threading.Event()

    def dawdling() -> None:
        writing.set()
        gate.wait(PATIENCE_SECONDS)
        commit()

    async def asking() -> Any:
        (creating,) = begun(group, lambda: create("not-yet-there"))
        while not writing.is_set():
            await asyncio.sleep(0.001)
        assert actions() == []
        gate.set()
        return await creating

    bound.commit = dawdling
    assert run(group, asking) == "project-not-yet-there"
    assert actions() == ["project.created"]


def test_one_that_fails_takes_back_only_what_it_did(group: Group) -> None:
    """The others of its transaction are written."""

    def half() -> None:
        create("half-done")
        create("before-it")

    with turns(1):
        before, failing, after = done(
            group, lambda: create("before-it"), half, lambda: create("after-it")
        )
    assert isinstance(failing, ProjectExists)
    assert (before, after) == ("project-before-it", "project-after-it")
    assert actions(project_id="project-half-done") == []


def test_a_lost_transaction_fails_for_all(group: Group) -> None:
    """Nobody is told of what was rolled back, and the group goes on."""

    def lose() -> None:
        database.connection().rollback()
        raise sqlite3.OperationalError

    with turns(1):
        errors = done(group, lambda: create("before-it"), lose)
    assert all(isinstance(error, OperationalError) for error in errors)
    assert actions() == []
    assert done(group, lambda: create("afterwards")) == ["project-afterwards"]


def test_what_the_disk_refuses_is_answered_to_nobody(group: Group) -> None:
    """Where the commit fails all hear of it, and nobody of rows that are not there."""
    bound = database.obj

    def full() -> None:
        raise OperationalError("database or disk is full")

    bound.commit = full
    errors = done(group, *[partial(create, "asked-twice")] * 2)
    del bound.commit
    assert all(isinstance(error, OperationalError) for error in errors)
    assert actions() == []
    assert done(group, lambda: create("afterwards")) == ["project-afterwards"]


@pytest.mark.parametrize("step", ["begin", "commit"])
def test_a_group_that_is_given_up_leaves_nothing_open(group: Group, step: str) -> None:
    """Whatever the thread was at, it ends; the next one begins, and what is told is on disk."""
    bound, real = database.obj, getattr(database.obj, step)
    reached = threading.Event()

    def seen() -> None:
        reached.set()
        real()

    async def asking() -> list[Any]:
        (early,) = begun(group, lambda: create("given-up"))
        while not reached.is_set():
            await asyncio.sleep(0)
        time.sleep(10 * TOGETHER_SECONDS)  # the step is done, and the loop has not heard of it
        assert group._doing
        group._doing.cancel()
        await asyncio.wait([group._doing])
        later = await outcomes(begun(group, lambda: create("afterwards")))
        early.cancel()
        return later

    setattr(bound, step, seen)
    assert run(group, asking) == ["project-afterwards"]
    assert actions(project_id="project-afterwards") == ["project.created"]
    with bound.turn():
        assert not bound.in_transaction()


def test_long_works_are_not_gathered_long(group: Group) -> None:
    """Others want the loop between them."""
    with turns(3):
        assert done(group, *[partial(time.sleep, TOGETHER_SECONDS)] * 3) == [None] * 3


def test_all_that_waited_in_vain_are_told(group: Group, sqlite: OpenedStore) -> None:
    """Where the turn cannot be had in time, those who came meanwhile do not wait as long again."""
    database.obj.busy_seconds = 0.3
    database.obj.init(database.obj.database, timeout=0.3, uri=True)

    async def asking() -> list[Any]:
        early = begun(group, lambda: create("never-early"))
        await asyncio.sleep(0.1)
        return await outcomes([*early, *begun(group, lambda: create("never-late"))])

    with locked(Path(sqlite.url.removeprefix("sqlite:///"))), turns(1):
        errors = run(group, asking)
    assert all(diagnose(error) for error in errors)
    assert actions() == []


def test_who_gave_up_is_passed_over(group: Group) -> None:
    """What was cancelled before its turn is not done."""

    async def asking() -> list[Any]:
        given_up, kept = begun(group, lambda: create("given-up"), lambda: create("kept-one"))
        await asyncio.sleep(0)
        given_up.cancel()
        return await outcomes([kept])

    assert run(group, asking) == ["project-kept-one"]
    assert actions(project_id="project-given-up") == []


def test_too_many_are_refused_at_once(group: Group) -> None:
    """Beyond the bound they hear that the storage is not to be had; all others are served."""
    found = done(group, *[actions] * (WAITING_AT_MOST + 2))
    refused = [one for one in found if isinstance(one, StorageUnavailable)]
    assert found == [[]] * WAITING_AT_MOST + refused
    assert len(refused) == 2


def test_what_reads_too_much_has_changed_nothing(group: Group) -> None:
    """It says so, and is to be done elsewhere."""

    def work() -> None:
        create("half-done")
        raise WouldWait

    (error,) = done(group, work)
    assert isinstance(error, WouldWait)
    assert actions() == []


def test_what_waits_is_done_before_the_end(group: Group) -> None:
    """A group that finishes leaves nothing undone."""
    works = [partial(Event.record, f"late-{number}", by=ROOT) for number in range(TOGETHER + 3)]

    async def asking() -> None:
        tasks = begun(group, *works)
        await asyncio.sleep(0)
        await group.finish()
        assert actions() == [f"late-{number}" for number in range(len(works))]
        assert await outcomes(tasks) == [None] * len(works)

    run(group, asking)
