"""The database: connect, read, take turns at writing. SQLite and PostgreSQL behind one face."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from peewee import DatabaseProxy, Model

from models.postgres import PostgresStore
from models.sqlite import SqliteStore

LAST_USED, RESEAL = "last-used", "reseal"
APPLICATION_ID = 0x4A65746F  # "Jeto" in the header of the SQLite file
database: Any = DatabaseProxy()


class Row(Model):
    """A table of the store."""

    class Meta:
        database = database
        legacy_table_names = False


def connect(url: str) -> None:
    """Bind the models to `sqlite:///path` or `postgresql://...`; opens no connection yet."""
    if url.startswith("sqlite:"):
        database.initialize(SqliteStore(Path(urlsplit(url).path[1:])))
    else:
        database.initialize(PostgresStore(url))


class Session:
    """A block after which the connection that it opened is given back."""

    def __enter__(self) -> None:
        database.obj.renew()

    def __exit__(self, *_: object) -> None:
        database.obj.release()


def session() -> Session:
    """Give back the connection that the block opened, if it asked the database at all."""
    return _SESSION


_SESSION = Session()


@contextmanager
def writing(*resources: str) -> Iterator[None]:
    """A write transaction during which nobody else writes those resources.

    Within another one it is a part of that. Raises WouldWrite where SQLite is on the event loop.
    """
    try:
        with _transaction(resources):
            yield
    finally:
        if resources != (LAST_USED,):
            database.obj.epoch = object()


@contextmanager
def _transaction(resources: tuple[str, ...]) -> Iterator[None]:
    store = database.obj  # by itself: through the proxy each step costs more than the statement
    if store.in_transaction():
        with store.atomic():
            store.hold(*resources)
            yield
    else:
        with store.turn(), store.atomic(*resources):
            yield
