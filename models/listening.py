"""Hearing of changes that other processes make: PostgreSQL tells whoever listens.

SQLite needs no listener; its file tells.
"""

import threading

import psycopg

from models.database import database
from models.postgres import CHANGES, PostgresStore
from models.waiting import BUSY_SECONDS

PATIENCE_SECONDS = 0.5
AGAIN_SECONDS = 1.0


class Listener:
    """A thread that hears of changes of a PostgreSQL store, over a connection of its own.

    While it has none, the store says that nobody would tell, and tokens are read each time.
    """

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jeton-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop hearing."""
        self._stopping.set()
        self._thread.join(BUSY_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(
                    self._store.url, autocommit=True, connect_timeout=BUSY_SECONDS
                ) as connection:
                    self._hear(connection)
            except psycopg.Error:
                self._stopping.wait(AGAIN_SECONDS)

    def _hear(self, connection: "psycopg.Connection[object]") -> None:
        connection.execute(f"LISTEN {CHANGES}")
        self._store.epoch = object()
        self._store.listens = True
        try:
            while not self._stopping.is_set():
                for _ in connection.notifies(timeout=PATIENCE_SECONDS):
                    self._store.epoch = object()
        except psycopg.Error:
            self._store.lost += 1
            raise
        finally:
            self._store.listens = False


class Deaf:
    """In the place of a listener where none is needed."""

    def stop(self) -> None:
        """Nothing to do."""


def listen() -> Listener | Deaf:
    """Start to hear of changes of the open store."""
    return Listener(database.obj) if isinstance(database.obj, PostgresStore) else Deaf()
