"""The database: what opening promises, whose turn it is to write, and queries built once."""

import threading
from pathlib import Path
from typing import Any

import pytest
from peewee import OperationalError

from models import prepared as queries
from models.database import connect, database, session, writing
from models.documented import documented_api_tokens
from models.event import Event
from models.postgres import PostgresStore
from models.prepared import Prepared
from models.project import Project, create_project, find_project
from models.sqlite import SqliteStore
from models.token import Token, TokenRecord, list_tokens
from models.waiting import WouldWait, on_the_loop
from tests.live import free_port
from tests.unit.models.stores import (
    PATIENCE_SECONDS,
    ROOT,
    OpenedStore,
    actions,
    at_once,
    live_tokens,
    mint_api,
    mint_project,
    processes_at_once,
)

WRITERS = 4
WRITE = """
import time, uuid
from models import database, life
from models.store import Policy, open_store
from tests.unit.models.stores import KEY, ROOT, mint_project
open_store(sys.argv[1], [KEY], Policy())
start()
count, end = 0, time.monotonic() + 3
while time.monotonic() < end:
    with database.session():
        minted = mint_project(sys.argv[2], name=str(uuid.uuid4()))
        life.revoke(sys.argv[2], "project", minted.token.id, by=ROOT)
    count += 1
print(count)
"""


def test_binding_opens_nothing(tmp_path: Path) -> None:
    """Neither a file nor a connection is made before somebody asks for one."""
    connect(f"sqlite:///{tmp_path / 'jeton.db'}")
    assert isinstance(database.obj, SqliteStore)
    assert list(tmp_path.iterdir()) == []
    connect(f"postgresql://nobody@127.0.0.1:{free_port()}/jeton")
    assert isinstance(database.obj, PostgresStore)
    assert database.is_closed()


def test_sqlite_keeps_what_it_promised(sqlite: OpenedStore) -> None:
    """A connection writes ahead, syncs fully, checks foreign keys and waits for its turn."""
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = [database.execute_sql(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]
    assert found == ["wal", 2, 1, 5_000]


def test_sqlite_waits_as_long_as_it_is_told(tmp_path: Path) -> None:
    """The busy time of a store is the one of its connections."""
    (tmp_path / "jeton.db").touch()
    bound = SqliteStore(tmp_path / "jeton.db", busy_seconds=0.25)
    with bound.connection_context():
        assert bound.execute_sql("PRAGMA busy_timeout").fetchone() == (250,)
    bound.close_all()


def test_the_next_session_has_the_connection_again(url: str) -> None:
    """A session opens a connection once it is asked something; the next one need not."""
    connect(url)
    if url.startswith("sqlite"):
        database.path.touch()
    with session():
        assert database.is_closed()
        connection = database.connection()
    with session():
        assert database.connection() is connection
    database.close_all()


def test_a_write_that_fails_leaves_nothing(store: OpenedStore) -> None:
    """What was written before an exception is rolled back, and the turn is passed on."""

    def fail() -> None:
        with writing("demo"):
            Project.insert(id="demo-project", name="Demo", created_at=0).execute()
            Event.record("project.created", by=ROOT, project="demo-project")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (Project.select().count(), actions()) == (0, [])
    create_project("demo-project", None, by=ROOT)


def test_readers_do_not_see_what_is_being_written(store: OpenedStore) -> None:
    """While a writer has not finished, others read what was there before."""
    with writing("demo"):
        Project.insert(id="demo-project", name="Demo", created_at=0).execute()
        assert at_once(Project.select().count) == [0]
    assert at_once(Project.select().count) == [1]


def test_writers_of_one_resource_take_turns(store: OpenedStore) -> None:
    """Twenty who read, add one and write back lose no addition."""
    create_project("demo-project", "0", by=ROOT)

    def add() -> None:
        with writing("demo"):
            count = int(find_project("demo-project").name) + 1
            Project.update(name=str(count)).execute()

    assert at_once(*[add] * 20) == [None] * 20
    assert find_project("demo-project").name == "20"


def test_who_waits_too_long_for_a_turn_is_told(tmp_path: Path) -> None:
    """A thread that does not get its turn in time hears that the database is locked."""
    (tmp_path / "jeton.db").touch()
    bound = SqliteStore(tmp_path / "jeton.db", busy_seconds=0.1)
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with bound.turn():
            taken.set()
            done.wait(PATIENCE_SECONDS)

    holder = threading.Thread(target=hold)
    holder.start()
    assert taken.wait(PATIENCE_SECONDS)
    with pytest.raises(OperationalError, match="database is locked"), bound.turn():
        pass
    done.set()
    holder.join()
    with bound.turn():
        pass


def test_writers_in_processes_take_turns(store: OpenedStore, project: str) -> None:
    """Four processes that write as fast as they can all get on, and none hears of a lock."""
    printed = processes_at_once(WRITERS, WRITE, store.url, project)
    counts = [int(count) for count in printed]
    assert min(counts) > 0
    assert actions(action="token.minted") == ["token.minted"] * sum(counts)
    assert live_tokens(project) == 0


def test_a_prepared_query_answers_like_the_query(project: str) -> None:
    """The rows are those of the Peewee query, in its order, with each set of parameters."""
    for name in ("web", "app", "cli"):
        mint_api(project, name)
    mint_project(project)
    prepared = Prepared(2, lambda owner, kind: query(owner, kind))
    for owner, kind in ((project, "api"), (project, "project"), (project, "x"), ("x", "api")):
        assert [tuple(row) for row in prepared(owner, kind)] == list(query(owner, kind).tuples())


def query(owner: object, kind: object) -> Any:
    """The tokens of a project and kind, newest first, none older than the epoch."""
    return (
        Token.select(Token.id, Token.name, Token.digest, Token.sealed, Token.expires_at)
        .where(Token.project == owner, Token.created_at > 0, Token.kind == kind)
        .order_by(Token.id.desc())
        .limit(2)
    )


def test_a_prepared_query_takes_parameters_as_data(project: str) -> None:
    """A parameter is never read as SQL, and its number is checked."""
    mint_api(project)
    prepared = Prepared(1, lambda name: Token.select(Token.id).where(Token.name == name))
    assert prepared("web' OR 1 = 1 --") == []
    assert len(prepared("web")) == 1
    with pytest.raises(ValueError, match="not 2"):
        prepared("web", "app")


def test_a_prepared_change_is_made_for_every_row(project: str) -> None:
    """A change runs once for each row of parameters, of none as well."""
    tokens = [mint_api(project, name).token.id for name in ("web", "app", "cli")]
    rename = Prepared(2, lambda name, token: Token.update(name=name).where(Token.id == token))
    with writing("demo"):
        rename.many([("one", tokens[0]), ("two", tokens[1])])
        rename.many([])
    assert [token.name for token in list_tokens(project, "api")] == ["one", "two", "cli"]


def test_a_record_has_the_columns_of_the_table(project: str) -> None:
    """A prepared row is read as the model reads it, column by column."""
    minted = mint_api(project).token
    row = Token.select().where(Token.id == minted.id).dicts().get()
    row["project_id"] = row.pop("project")
    assert TokenRecord(**row) == list_tokens(project, "api")[0] == minted


def test_a_prepared_query_reads_few_rows_on_the_event_loop(
    project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few are read at once; more are for a thread."""
    monkeypatch.setattr(queries, "FEW", 2)
    for number in range(3):
        mint_api(project, f"token-{number}")
        token = on_the_loop.set(True)
        try:
            if number < 2:
                assert len(documented_api_tokens(project)) == number + 1
            else:
                with pytest.raises(WouldWait):
                    documented_api_tokens(project)
        finally:
            on_the_loop.reset(token)
        assert len(documented_api_tokens(project)) == number + 1
