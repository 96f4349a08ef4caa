"""The schema: migrations make what the models say, once, on a database of our own."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from playhouse.schema_diff import diff_models

from models import schema
from models.database import connect, database
from models.schema import HISTORY, TABLES, Unusable
from tests.databases import execute
from tests.live import free_port
from tests.unit.models.stores import OpenedStore, migrated, opened, processes_at_once

MIGRATIONS = [
    "0001_tokens_projects_events",
    "0002_life_of_tokens",
    "0003_events_of_a_token",
    "0004_count_of_tokens",
]
NEWER = f"INSERT INTO {HISTORY} (name, applied) VALUES ('9999_later', '2030-01-01 00:00:00')"
CONSTRAINTS = {
    "sqlite": f"SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name <> '{HISTORY}'",
    "postgresql": "SELECT conname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint "
    f"JOIN pg_class ON pg_class.oid = conrelid WHERE relname <> '{HISTORY}'",
}
PREPARE = """
from models import database, schema
database.connect(sys.argv[1])
start()
print(schema.prepare())
"""


def described() -> dict[str, list[str]]:
    """Every table of ours as the database itself reports it."""
    tables, bound = [model._meta.table_name for model in TABLES], database.obj
    reports: list[Callable[[str], list[object]]] = [
        bound.get_columns, bound.get_indexes, bound.get_foreign_keys, bound.get_primary_keys
    ]  # fmt: skip
    return {
        table: sorted(str(fact) for report in reports for fact in report(table)) for table in tables
    }


def constraints(kind: str) -> list[tuple[str, str]]:
    """The constraints as the database words them: what happens on deletion, too."""
    return sorted(database.execute_sql(CONSTRAINTS[kind]).fetchall())


def refusal(work: Callable[[], object] = schema.prepare) -> str:
    """What the refusal says, which is one line."""
    with pytest.raises(Unusable) as unusable:
        work()
    assert "\n" not in str(unusable.value)
    return str(unusable.value)


@pytest.fixture
def store(url: str) -> Iterator[OpenedStore]:
    """A store on a database of its own, for these tests change the schema."""
    with opened(migrated(url)) as own:
        yield own


def test_migrations_and_models_do_not_differ(store: OpenedStore) -> None:
    """There is nothing to add to or drop from a migrated database."""
    assert not diff_models(database.obj, TABLES)
    assert set(database.get_tables()) == {*described(), HISTORY}


def test_migrations_make_what_the_models_make(store: OpenedStore) -> None:
    """Types, null, indexes, keys and constraints are those of tables made from the models."""
    before = described(), constraints(store.kind)
    database.drop_tables(TABLES)
    database.create_tables(TABLES)
    assert before == (described(), constraints(store.kind))
    assert all(before[0].values())


def test_a_database_is_migrated_once(url: str) -> None:
    """The first time the migrations run, the second time there is nothing to do."""
    connect(url)
    assert schema.prepare() == MIGRATIONS
    assert schema.prepare() == []
    schema.require()
    database.close_all()


def test_processes_that_start_at_once_migrate_once(url: str) -> None:
    """Of several processes on a new database one migrates, and all of them find it ready."""
    printed = processes_at_once(3, PREPARE, url)
    assert sorted(printed, key=len) == ["[]", "[]", str(MIGRATIONS)]


def test_a_newer_database_is_refused(store: OpenedStore) -> None:
    """A migration that this version does not know is named, and nothing is changed."""
    database.execute_sql(NEWER)
    assert "migrated by a newer Jeton (9999_later)" in refusal()
    assert "migrated by a newer Jeton (9999_later)" in refusal(schema.require)


def test_a_database_that_was_not_migrated_is_not_up_to_date(postgres_url: str) -> None:
    """Who only requires the schema is told how to make it, and makes nothing."""
    connect(postgres_url)
    assert "Run `jeton migrate` first" in refusal(schema.require)
    with database.connection_context():
        assert database.get_tables() == []
    database.close_all()


def test_tables_of_another_program_are_left_alone(postgres_url: str) -> None:
    """A PostgreSQL database with foreign tables is refused as it is."""
    execute(postgres_url, "CREATE TABLE project (title text)")
    connect(postgres_url)
    assert "tables of another program" in refusal()
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute("SELECT table_name FROM information_schema.tables"
                                   " WHERE table_schema = 'public'").fetchall()  # fmt: skip
    assert found == [("project",)]


def test_tables_beside_ours_do_no_harm(postgres_url: str) -> None:
    """A database that is ours stays so when somebody adds a table."""
    execute(migrated(postgres_url), "CREATE TABLE report (title text)")
    assert schema.prepare() == []


@pytest.mark.parametrize("work", [schema.prepare, schema.require])
def test_a_server_that_cannot_be_reached_is_told(work: Callable[[], object]) -> None:
    """Nobody listening is one line with cause and cure."""
    connect(f"postgresql://nobody@127.0.0.1:{free_port()}/jeton")
    told = refusal(work)
    assert "cannot be reached" in told
    assert "JETON_DATABASE_URL" in told


def test_a_database_that_is_not_on_the_server_is_told(postgres_url: str) -> None:
    """A wrong database name is one line, and does not show the password of the URL."""
    address = postgres_url.partition("@")[2].partition("/")[0]
    connect(f"postgresql://postgres:swordfish@{address}/jeton_nowhere")
    told = refusal()
    assert "jeton_nowhere" in told
    assert "swordfish" not in told
