"""Outages: told from the program's own faults, also behind other exceptions."""

import sqlite3

import pytest
from peewee import IntegrityError

from models.database import database, writing
from models.failures import RETRY_AFTER_SECONDS, StorageUnavailable
from models.last_used import LastUsed
from models.outages import diagnose
from models.project import Project, create_project, find_project
from models.sqlite import SqliteStore
from models.token import Token
from tests.unit.models.stores import ROOT, OpenedStore, locked, mint_api, raised

PAGES = 40


def create() -> None:
    """Write a project."""
    create_project("other-project", None, by=ROOT)


def test_an_outage_says_when_to_come_back(sqlite: OpenedStore) -> None:
    """An outage is StorageUnavailable, with the seconds to wait, and no detail of the cause."""
    found = diagnose(sqlite3_full())
    assert isinstance(found, StorageUnavailable)
    assert (found.retry_after, found.detail) == (RETRY_AFTER_SECONDS, None)


def sqlite3_full() -> Exception:
    """What writing to a SQLite file raises that cannot grow."""
    database.execute_sql(f"PRAGMA max_page_count = {PAGES}")
    return raised(fill)


def fill() -> None:
    """Write until there is no room."""
    with writing("demo"):
        for number in range(PAGES):
            Project.insert(id=f"project-{number}", name="x" * 8192, created_at=0).execute()


def test_a_full_disk_is_an_outage(sqlite: OpenedStore) -> None:
    """A file that cannot grow is an outage, and what was there can still be read."""
    create_project("demo-project", None, by=ROOT)
    assert diagnose(sqlite3_full())
    assert find_project("demo-project").id == "demo-project"
    assert Project.select().count() == 1


def test_an_outage_is_seen_behind_a_failed_rollback(sqlite: OpenedStore) -> None:
    """SQLite ends a transaction on a full disk itself; that the rollback fails hides nothing."""
    database.execute_sql(f"PRAGMA max_page_count = {PAGES}")

    def fill_and_roll_back() -> None:
        database.execute_sql("BEGIN IMMEDIATE")
        try:
            for number in range(PAGES):
                Project.insert(id=f"p-{number}", name="x" * 8192, created_at=0).execute()
        except Exception:
            database.execute_sql("ROLLBACK")

    error = raised(fill_and_roll_back)
    assert "no transaction is active" in str(error)
    assert diagnose(error)


def test_a_locked_file_is_an_outage(sqlite: OpenedStore) -> None:
    """A database that another program holds is an outage to writers."""
    database.execute_sql("PRAGMA busy_timeout = 100")
    with locked(database.obj.path):
        assert diagnose(raised(create))
    create()


def test_a_read_only_database_is_an_outage(sqlite: OpenedStore) -> None:
    """A database that cannot be written is an outage to writers, and readers do not notice."""
    database.execute_sql("PRAGMA query_only = 1")
    assert diagnose(raised(create))
    assert Project.select().count() == 0


def test_a_file_opened_for_reading_alone_is_an_outage(sqlite: OpenedStore) -> None:
    """SQLite's own word for a read-only file is an outage."""
    with sqlite3.connect(f"file:{database.obj.path}?mode=ro", uri=True) as connection:
        error = raised(lambda: connection.execute("DELETE FROM token"))
    connection.close()
    assert diagnose(error)


def test_a_file_that_cannot_be_opened_is_an_outage(sqlite: OpenedStore) -> None:
    """A folder that went away is an outage."""
    lost = SqliteStore(database.obj.path.parent / "lost" / "jeton.db")
    assert diagnose(raised(lost.connect))


def test_a_damaged_file_is_an_outage(sqlite: OpenedStore) -> None:
    """A file that is no database any more is an outage."""
    path = database.obj.path.with_name("damaged.db")
    path.write_bytes(b"no database" * 1_000)
    damaged = SqliteStore(path)
    assert diagnose(raised(damaged.connect))
    damaged.close_all()


def test_a_failed_flush_is_an_outage(sqlite: OpenedStore) -> None:
    """An error that comes straight from the driver is known as well."""
    uses = LastUsed()
    uses.note("token", 1_000)
    database.execute_sql("PRAGMA query_only = 1")
    assert diagnose(raised(uses.flush))


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("locked"), sqlite3.Error("x")])
def test_a_fault_of_the_program_is_no_outage(error: Exception) -> None:
    """What the database did not say is no outage."""
    assert diagnose(error) is None


def test_a_missing_table_is_no_outage(store: OpenedStore) -> None:
    """A query for what is not there is the program's fault, on either database."""
    assert diagnose(raised(lambda: database.execute_sql("SELECT 1 FROM nowhere"))) is None
    assert diagnose(raised(lambda: database.execute_sql("SELEC 1"))) is None


def test_a_broken_rule_is_no_outage(store: OpenedStore, project: str) -> None:
    """What a constraint refuses is the program's fault."""
    row = mint_api(project).token._asdict()
    error = raised(lambda: Token.insert(**row).execute())
    assert isinstance(error, IntegrityError)
    assert diagnose(error) is None
