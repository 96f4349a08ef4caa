"""Deadlocks: those who write many rows of PostgreSQL do not wait for each other in a ring."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg

from models import life
from models.database import session
from models.last_used import LastUsed
from models.project import create_project
from tests.unit.models.stores import (
    PATIENCE_SECONDS,
    ROOT,
    OpenedStore,
    mint_api,
    mint_project,
)

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"


@contextmanager
def held(store: OpenedStore, token: str) -> Iterator[None]:
    """A token that somebody else is changing."""
    with psycopg.connect(store.url) as other:
        other.execute("SELECT 1 FROM token WHERE id = %s FOR UPDATE", (token,))
        yield


def wait_for_waiters(store: OpenedStore, count: int) -> None:
    """Wait until so many connections wait for a lock."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(store.url, autocommit=True) as other:
        while other.execute(WAITING, (other.info.dbname,)).fetchone() != (count,):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def in_session(work: Callable[[], int]) -> int:
    """Do the work in a session of its own."""
    with session():
        return work()


def test_deleting_a_project_and_flushing_its_uses_pass_each_other(postgres: OpenedStore) -> None:
    """Whoever comes first to some tokens is not waited for by who it waits for."""
    project = create_project("demo-project", None, by=ROOT).id
    first = mint_project(project).token.id
    second, third = (mint_api(project, name).token.id for name in ("app", "web"))
    uses = LastUsed()
    for token in (first, second):
        uses.note(token, 1_000)
    with ThreadPoolExecutor(2) as pool:
        with held(postgres, third):
            deleting = pool.submit(in_session, lambda: life.delete_project(project, by=ROOT))
            wait_for_waiters(postgres, 1)
            flushing = pool.submit(uses.flush)
            wait_for_waiters(postgres, 2)
        assert (deleting.result(), flushing.result()) == (3, 2)
