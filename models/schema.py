"""The schema: made, brought up to date, and never taken for something it is not."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from peewee import OperationalError, PeeweeException
from playhouse.migrations import Runner

from models.database import APPLICATION_ID, database
from models.event import Event
from models.idempotency import Idempotency
from models.postgres import PostgresStore
from models.project import Project
from models.sealing_key import SealingKey
from models.sqlite import SqliteStore, wait_for_lock
from models.token import Token
from models.waiting import BUSY_SECONDS

TABLES = (Project, Token, Event, SealingKey, Idempotency)
MIGRATIONS = Path(__file__).parent / "migrations"
HISTORY = "jeton_migration"
SQLITE_MAGIC = b"SQLite format 3\x00"
MIGRATING = "migrating"


class Unusable(Exception):
    """The database cannot be used: the cause and the cure in one line."""


def prepare() -> list[str]:
    """Make the database where there is none and bring its schema up to date.

    Says which migrations ran. Raises Unusable.
    """
    store = database.obj
    prepare_store = _prepare_sqlite if isinstance(store, SqliteStore) else _prepare_postgres
    try:
        return prepare_store(store)
    except (PeeweeException, sqlite3.Error, psycopg.Error, OSError) as error:
        raise Unusable(cure(error)) from error
    finally:
        store.close_all()


def require() -> None:
    """See that the database is there and up to date; raises Unusable."""
    store = database.obj
    try:
        if isinstance(store, SqliteStore):
            if not store.path.exists():
                raise Unusable(f"there is no database {store.path} yet. Run `jeton migrate` first")
            _refuse_foreign(store.path)
        with store.connection_context():
            runner = _runner(store)
            if any(migration.applied is None for migration in runner.status()):
                raise Unusable("the database is not up to date. Run `jeton migrate` first")
    except (PeeweeException, sqlite3.Error, psycopg.Error, OSError) as error:
        raise Unusable(cure(error)) from error


def _prepare_sqlite(store: SqliteStore) -> list[str]:
    store.path.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(store.path.parent):
        if not store.path.exists():
            _create(store)
        _refuse_foreign(store.path)
        os.close(os.open(store.path, os.O_RDWR))  # SQLite would open it for reading and not say so
        with store.connection_context():
            with store.turn(), store.atomic():
                pass  # proves that the file can be written
            store.journal_mode = "wal"
            with store.turn():
                return _migrate(store)


def _create(store: SqliteStore) -> None:
    if store.turnstile.exists():
        raise Unusable(
            f"the database {store.path} is missing, yet it was here before. Restore it from a "
            f"backup; to start anew, remove {store.turnstile} first"
        )
    fresh = store.path.with_name(store.path.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(0o600)
    connection = sqlite3.connect(fresh)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.close()
    fresh.rename(store.path)


def _refuse_foreign(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        raise Unusable(
            f"the database {path} is empty. Restore it from a backup; to start anew, remove it"
        )
    if not header.startswith(SQLITE_MAGIC) or header[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        raise Unusable(
            f"{path} is not a database of Jeton. Point JETON_DATABASE_URL at another file"
        )


def _prepare_postgres(store: PostgresStore) -> list[str]:
    with store.connection_context(), store.atomic():
        store.hold(MIGRATING)
        tables = set(store.get_tables())
        if tables and HISTORY not in tables:
            raise Unusable(
                "the PostgreSQL database holds tables of another program. "
                "Point JETON_DATABASE_URL at an empty database"
            )
        return _migrate(store)


def _migrate(store: SqliteStore | PostgresStore) -> list[str]:
    applied: list[str] = _runner(store).up()
    return applied


def _runner(store: SqliteStore | PostgresStore) -> Runner:
    runner = Runner(store, str(MIGRATIONS), table_name=HISTORY)
    unknown = [migration.name for migration in runner.status() if migration.path is None]
    if unknown:
        raise Unusable(
            f"the database was migrated by a newer Jeton ({', '.join(unknown)}). "
            "Install that version or a later one"
        )
    return runner


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        wait_for_lock(descriptor, BUSY_SECONDS)
        yield
    finally:
        os.close(descriptor)


def cure(error: Exception) -> str:
    """The cause of a failure of the database and its cure, in one line."""
    cause = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if "locked" in cause:
        return f"the database is locked by another program ({cause}). Stop it, then start again"
    if "readonly" in cause or "read-only" in cause.lower() or isinstance(error, PermissionError):
        return f"the database cannot be written ({cause}). Give this user the right to write it"
    if isinstance(error, OperationalError | psycopg.OperationalError):
        return f"the database cannot be reached ({cause}). Check JETON_DATABASE_URL and the server"
    return f"the database cannot be used ({cause}). Restore it from a backup"
