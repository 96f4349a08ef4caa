"""Recently found tokens: used while nothing has changed, for a second at most."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from models import life
from models.database import database
from models.failures import Unauthorized
from models.last_used import last_used
from models.listening import Listener, listen
from models.minting import Minted
from models.recent import ENTRIES, SECONDS, Entry, recent
from models.token import milliseconds
from models.verification import authenticate
from tests.databases import execute
from tests.unit.models.stores import (
    ROOT,
    OpenedStore,
    at_once,
    mint_api,
    processes_at_once,
    rewrite,
)

PATIENCE_SECONDS = 10
REVOKE = """
from models import life
from models.store import Policy, open_store
from tests.unit.models.stores import KEY, ROOT
url, project, token = sys.argv[1:]
open_store(url, [KEY], Policy())
start()
life.revoke(project, "api", token, by=ROOT)
"""


@pytest.fixture(autouse=True)
def listening(store: OpenedStore) -> Iterator[None]:
    """A store whose changes are heard of, and nothing known yet."""
    recent._entries.clear()
    listener = listen()
    until(lambda: database.version() is not None)
    yield
    listener.stop()


def until(is_so: Callable[[], bool]) -> float:
    """Wait until it is so; the seconds that it took."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() < begun + PATIENCE_SECONDS
        time.sleep(0.002)
    return time.monotonic() - begun


@contextmanager
def reads(count: int) -> Iterator[None]:
    """The block asks the database for so many statements."""
    asked: list[str] = []
    bound = database.obj
    execute_sql = bound.execute_sql

    def counting(sql: str, params: object = None) -> object:
        asked.append(sql)
        return execute_sql(sql, params)

    bound.execute_sql = counting
    try:
        yield
    finally:
        del bound.execute_sql
    assert len(asked) == count, asked


def is_good(minted: Minted) -> bool:
    """Whether the token authenticates."""
    try:
        return authenticate(minted.secret).id == minted.token.id
    except Unauthorized:
        return False


def test_a_token_is_read_once(project: str) -> None:
    """Whoever presents it again within a second is answered without a query."""
    minted = mint_api(project)
    assert is_good(minted)
    with reads(0):
        assert is_good(minted)
        assert is_good(minted)


def test_it_is_read_again_after_a_second(project: str) -> None:
    """Even where nobody told of a change."""
    minted = mint_api(project)
    assert is_good(minted)
    time.sleep(SECONDS)
    with reads(1):
        assert is_good(minted)


def test_who_may_not_remember_reads_each_time(store: OpenedStore, project: str) -> None:
    """A setting of the operator turns it off."""
    minted = mint_api(project)
    store.allow(remember_tokens=False)
    assert is_good(minted)
    with reads(1):
        assert is_good(minted)


def test_a_revocation_here_is_seen_at_once(project: str) -> None:
    """In the thread that revoked, and in another."""
    one, other = mint_api(project, "one"), mint_api(project, "other")
    assert is_good(one)
    assert is_good(other)
    life.revoke(project, "api", one.token.id, by=ROOT)
    assert not is_good(one)
    at_once(lambda: life.revoke(project, "api", other.token.id, by=ROOT))
    assert not is_good(other)


def test_a_revocation_by_another_process_is_seen(store: OpenedStore, project: str) -> None:
    """At once on SQLite; as soon as PostgreSQL has told on it, and not by the second's end."""
    minted = mint_api(project)
    assert is_good(minted)
    before = database.version()
    processes_at_once(1, REVOKE, store.url, project, minted.token.id)
    if store.kind == "sqlite":
        assert not is_good(minted)
    assert until(lambda: database.version() != before) < SECONDS
    assert not is_good(minted)


def test_a_row_that_was_read_before_a_change_is_not_used_after_it(project: str) -> None:
    """A look-up in flight while the token is revoked brings nothing back."""
    minted = mint_api(project)
    version, digest = database.version(), bytes(minted.token.digest)
    life.revoke(project, "api", minted.token.id, by=ROOT)
    recent._keep(digest, Entry(minted.token, version, time.monotonic()))
    assert not is_good(minted)


def test_what_is_known_is_judged_anew(project: str) -> None:
    """A token that expires meanwhile is refused, though its row is known."""
    minted = mint_api(project)
    rewrite(minted.token, expires_at=milliseconds() + 300)
    assert is_good(minted)
    time.sleep(0.31)
    with reads(0):
        assert not is_good(minted)


@pytest.mark.parametrize("limit", [{"uses_left": 5}, {"idle_seconds": 60}], ids=str)
def test_a_token_whose_uses_count_is_read_each_time(project: str, limit: dict[str, int]) -> None:
    """Every use of it changes what the next one is told."""
    minted = mint_api(project)
    rewrite(minted.token, **limit)
    assert is_good(minted)
    assert not recent._entries


def test_noting_uses_changes_nothing_that_is_known(store: OpenedStore, project: str) -> None:
    """The flush of last-used times does not make this process read again."""
    minted = mint_api(project)
    assert is_good(minted)
    before = database.version()
    last_used.flush()
    assert database.version() == before


def test_minting_is_not_announced(project: str) -> None:
    """What only adds changes nothing that another process knows, and costs no notice."""
    announced = []
    bound = database.obj
    bound.announce = lambda: announced.append(True)
    try:
        minted = mint_api(project)
        assert announced == []
        life.revoke(project, "api", minted.token.id, by=ROOT)
        assert announced == [True]
    finally:
        del bound.announce


def test_it_is_bounded(project: str) -> None:
    """More tokens than fit make it begin anew."""
    minted = mint_api(project)
    entry = Entry(minted.token, None, 0.0)
    recent._entries.update((str(number).encode(), entry) for number in range(ENTRIES))
    assert is_good(minted)
    assert len(recent._entries) == 1


def test_while_nobody_would_tell_tokens_are_read(postgres: OpenedStore) -> None:
    """A listener that lost its connection says so, and hears again once it has another."""
    listener = listen()
    assert isinstance(listener, Listener)
    until(lambda: database.version() is not None)
    known = database.version()
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    execute(postgres.url, ended)
    until(lambda: database.version() is None)
    until(lambda: database.version() not in (None, known))
    listener.stop()
    assert database.version() is None
