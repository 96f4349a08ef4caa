"""A fresh store on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.project import create_project
from tests.conftest import DATABASES, need
from tests.databases import execute, new_database
from tests.unit.models.stores import ROOT, OpenedStore, opened

PROJECT = "demo-project"


@pytest.fixture(scope="session")
def postgres_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one PostgreSQL database for these tests: emptying it is quicker than a new one."""
    need("postgresql")
    with new_database("postgresql", tmp_path_factory.getbasetemp()) as url:
        execute(url, f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = off")
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


@pytest.fixture
def store(url: str) -> Iterator[OpenedStore]:
    """A fresh, migrated store on each database, with a session."""
    with opened(url) as fresh:
        yield fresh


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[OpenedStore]:
    """A fresh, migrated store on SQLite, with a session."""
    with opened(sqlite_url) as fresh:
        yield fresh


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[OpenedStore]:
    """A fresh, migrated store on PostgreSQL, with a session."""
    with opened(postgres_url) as fresh:
        yield fresh


@pytest.fixture
def project(store: OpenedStore) -> str:
    """The id of a project in the store."""
    return create_project(PROJECT, None, by=ROOT).id
