"""Outages of a PostgreSQL server: ended, gone, or only reading."""

from collections.abc import Callable

import psycopg
import pytest

from models.database import database, session
from models.outages import diagnose
from models.postgres import PostgresStore
from models.project import Project, create_project
from tests.live import free_port
from tests.unit.models.stores import ROOT, OpenedStore, mint_api, raised


def create() -> None:
    """Write a project."""
    create_project("other-project", None, by=ROOT)


def terminate_own_connection() -> None:
    """Let PostgreSQL end the connection of this session, as a restart would."""
    found = database.execute_sql("SELECT pg_backend_pid()").fetchone()
    with psycopg.connect(database.connection().info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", found)


@pytest.mark.parametrize("work", [create, Project.select().count, lambda: mint_api("demo")])
def test_a_lost_server_is_an_outage(postgres: OpenedStore, work: Callable[[], object]) -> None:
    """A connection that PostgreSQL ended is an outage to whoever uses it."""
    terminate_own_connection()
    assert diagnose(raised(work))
    assert diagnose(raised(work))


def test_the_store_recovers_from_a_lost_server(postgres_store: PostgresStore) -> None:
    """After one failure the next session has a new connection."""
    with session():
        terminate_own_connection()
        assert diagnose(raised(create))
    with session():
        create()


@pytest.fixture
def postgres_store(postgres: OpenedStore) -> PostgresStore:
    """A migrated PostgreSQL store, without a session."""
    database.close()
    found: PostgresStore = database.obj
    return found


def test_a_server_that_does_not_listen_is_an_outage() -> None:
    """Nobody on the port is an outage."""
    nowhere = PostgresStore(f"postgresql://nobody@127.0.0.1:{free_port()}/jeton")
    assert diagnose(raised(nowhere.connect))


def test_a_standby_is_an_outage(postgres: OpenedStore) -> None:
    """A server that only reads, as after a failover, is an outage to writers."""
    database.execute_sql("SET default_transaction_read_only = on")
    assert diagnose(raised(create))
