"""A fresh store on each database."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.project import create_project
from models.schema import TABLES
from tests.conftest import DATABASES, need
from tests.databases import execute, new_database
from tests.unit.models.stores import ROOT, OpenedStore, migrated, opened

PROJECT = "demo-project"
# Only the owner of the tables can: events are append-only.
EMPTY = ";".join(
    (
        "ALTER TABLE event DISABLE TRIGGER USER",
        *(f"DELETE FROM {table._meta.table_name}" for table in reversed(TABLES)),
        "ALTER TABLE event ENABLE TRIGGER USER",
    )
)


@contextmanager
def new_postgres(folder: Path) -> Iterator[str]:
    """The URL of a new PostgreSQL database that does not wait for its disk."""
    with new_database("postgresql", folder) as url:
        execute(url, f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = off")
        yield url


@pytest.fixture(scope="session")
def postgres_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one PostgreSQL database for these tests: emptying it is quicker than a new one."""
    need("postgresql")
    with new_postgres(tmp_path_factory.getbasetemp()) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_database: str) -> str:
    """The URL of an empty PostgreSQL database."""
    execute(postgres_database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return postgres_database


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'jeton.db'}"


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of each kind."""
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture(scope="session")
def sqlite_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a migrated SQLite database: copying it is quicker than migrating another."""
    folder = tmp_path_factory.mktemp("made")
    migrated(f"sqlite:///{folder / 'jeton.db'}")
    return folder


@pytest.fixture(scope="session")
def postgres_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database."""
    need("postgresql")
    with new_postgres(tmp_path_factory.getbasetemp()) as url:
        yield migrated(url)


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Gives the URL of a migrated database of a kind that holds nothing."""

    def of(kind: str) -> str:
        if kind == "postgresql":
            url: str = request.getfixturevalue("postgres_made")
            execute(url, EMPTY)
            return url
        shutil.copytree(request.getfixturevalue("sqlite_made"), tmp_path, dirs_exist_ok=True)
        return f"sqlite:///{tmp_path / 'jeton.db'}"

    return of


@pytest.fixture(params=DATABASES)
def store(request: pytest.FixtureRequest, fresh: Callable[[str], str]) -> Iterator[OpenedStore]:
    """A fresh, migrated store on each database, with a session."""
    with opened(fresh(request.param)) as one:
        yield one


@pytest.fixture
def sqlite(fresh: Callable[[str], str]) -> Iterator[OpenedStore]:
    """A fresh, migrated store on SQLite, with a session."""
    with opened(fresh("sqlite")) as one:
        yield one


@pytest.fixture
def postgres(fresh: Callable[[str], str]) -> Iterator[OpenedStore]:
    """A fresh, migrated store on PostgreSQL, with a session."""
    with opened(fresh("postgresql")) as one:
        yield one


@pytest.fixture
def project(store: OpenedStore) -> str:
    """The id of a project in the store."""
    return create_project(PROJECT, None, by=ROOT).id
