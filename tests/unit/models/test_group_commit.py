"""Group commit: what waits is written together, and each for itself."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from peewee import OperationalError

from models.database import database
from models.failures import Failure, ProjectExists
from models.group_commit import TOGETHER, Writer
from models.outages import diagnose
from models.project import create_project
from tests.unit.models.stores import ROOT, OpenedStore, actions, locked

PATIENCE_SECONDS = 20


@pytest.fixture
def writer(sqlite: OpenedStore) -> Iterator[Writer]:
    """A writer of a SQLite store."""
    running = Writer()
    yield running
    running.finish()


def create(name: str) -> str:
    """Make a project."""
    return create_project(f"project-{name}", None, by=ROOT).id


@contextmanager
def busy(writer: Writer) -> Iterator[None]:
    """The writer is at work until the block ends, so that what the block asks for waits."""
    begun, gate = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        gate.wait(PATIENCE_SECONDS)

    writer.submit(work)
    assert begun.wait(PATIENCE_SECONDS)
    yield
    gate.set()


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


def error_of(future: "Future[object]") -> BaseException | None:
    """What the work raised."""
    return future.exception(PATIENCE_SECONDS)


def test_what_waits_is_written_together(writer: Writer) -> None:
    """Many works take one turn, more than fit take another, and none is lost."""
    with turns(3):
        with busy(writer):
            waiting = [writer.submit(lambda n=n: create(f"{n:08}")) for n in range(TOGETHER + 3)]
        made = [one.result(PATIENCE_SECONDS) for one in waiting]
    assert made == [f"project-{n:08}" for n in range(TOGETHER + 3)]
    assert actions() == ["project.created"] * len(made)


def test_who_is_answered_is_on_disk(writer: Writer, sqlite: OpenedStore) -> None:
    """Another program sees what a future has told."""
    path = sqlite.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as other:
        for number in range(5):
            writer.submit(lambda n=number: create(f"seen-{n:04}")).result(PATIENCE_SECONDS)
            seen = other.execute("SELECT count(*) FROM project").fetchone()
            assert seen == (number + 1,)


def test_one_that_fails_takes_back_only_what_it_did(writer: Writer) -> None:
    """The others of its transaction are written."""

    def half() -> None:
        create("half-done")
        create("before-it")

    with busy(writer):
        before = writer.submit(lambda: create("before-it"))
        failing = writer.submit(half)
        after = writer.submit(lambda: create("after-it"))
    assert isinstance(error_of(failing), ProjectExists)
    assert (before.result(), after.result()) == ("project-before-it", "project-after-it")
    assert actions(project_id="project-half-done") == []


def test_a_lost_transaction_fails_for_all(writer: Writer) -> None:
    """Nobody is told of what was rolled back, and the writer goes on."""

    def lose() -> None:
        database.connection().rollback()
        raise sqlite3.OperationalError

    with busy(writer):
        before = writer.submit(lambda: create("before-it"))
        lost = writer.submit(lose)
    assert all(isinstance(error_of(one), OperationalError) for one in (before, lost))
    assert actions() == []
    assert writer.submit(lambda: create("afterwards")).result(PATIENCE_SECONDS)


def test_all_that_waited_in_vain_are_told(writer: Writer, sqlite: OpenedStore) -> None:
    """Where the turn cannot be had in time, those who came meanwhile do not wait as long again."""
    database.obj.busy_seconds = 0.3
    database.obj.init(database.obj.database, timeout=0.3, uri=True)
    with locked(Path(sqlite.url.removeprefix("sqlite:///"))):
        waiting = [writer.submit(lambda n=n: create(f"never-{n:03}")) for n in range(3)]
        errors = [error_of(one) for one in waiting]
    assert all(error and diagnose(error) for error in errors)
    assert actions() == []


def test_who_gave_up_is_passed_over(writer: Writer) -> None:
    """What was cancelled before its turn is not done."""
    with busy(writer):
        given_up = writer.submit(lambda: create("given-up"))
        assert given_up.cancel()
        kept = writer.submit(lambda: create("kept-one"))
    assert kept.result(PATIENCE_SECONDS)
    assert actions(project_id="project-given-up") == []


def test_what_waits_is_done_before_the_end(sqlite: OpenedStore) -> None:
    """A writer that finishes takes no more, and leaves nothing undone."""
    ending = Writer()
    with busy(ending):
        waiting = [ending.submit(lambda n=n: create(f"late-{n:04}")) for n in range(3)]
    ending.finish()
    assert [one.done() for one in waiting] == [True] * 3
    assert not any(isinstance(error_of(one), Failure) for one in waiting)
