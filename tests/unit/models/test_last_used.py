"""Last-used times: the newest is kept, and none is lost to a failed flush."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from models.database import database
from models.last_used import LastUsed
from models.secrets import new_row_id
from models.token import read_token
from tests.unit.models.stores import at_once, mint_api


@contextmanager
def broken_table(table: str = "token") -> Iterator[None]:
    """A database on which a table cannot be written, by default that of uses."""
    database.execute_sql(f"ALTER TABLE {table} RENAME TO {table}_elsewhere")
    try:
        yield
    finally:
        database.execute_sql(f"ALTER TABLE {table}_elsewhere RENAME TO {table}")


def test_a_flush_writes_what_was_noted(project: str) -> None:
    """Each noted token gets its time, and a second flush has nothing to do."""
    uses, tokens = LastUsed(), [mint_api(project, name).token.id for name in ("web", "app")]
    for at, token in enumerate(tokens, start=1_000):
        uses.note(token, at)
    assert (uses.flush(), uses.flush()) == (2, 0)
    assert [read_token(token).last_used_at for token in tokens] == [1_000, 1_001]


def test_a_flush_keeps_the_newest_time(project: str) -> None:
    """A time that another process wrote is replaced by a later one, never by an earlier one."""
    token = mint_api(project).token.id
    for at, kept in ((2_000, 2_000), (1_000, 2_000), (3_000, 3_000)):
        uses = LastUsed()
        uses.note(token, at)
        uses.flush()
        assert read_token(token).last_used_at == kept


def test_the_last_of_many_uses_is_written(project: str) -> None:
    """Many uses between two flushes are one write, of the last."""
    uses, token = LastUsed(), mint_api(project).token.id
    for at in range(1_000, 1_100):
        uses.note(token, at)
    assert uses.flush() == 1
    assert read_token(token).last_used_at == 1_099


def test_an_earlier_use_that_is_noted_later_does_not_count(project: str) -> None:
    """Threads that note out of order leave the newest time."""
    uses, token = LastUsed(), mint_api(project).token.id
    for at in (2_000, 1_000):
        uses.note(token, at)
    uses.flush()
    assert read_token(token).last_used_at == 2_000


def test_a_failed_flush_keeps_its_entries(project: str) -> None:
    """What could not be written is written the next time, unless a later use took its place."""
    uses, tokens = LastUsed(), [mint_api(project, name).token.id for name in ("web", "app")]
    for token in tokens:
        uses.note(token, 1_000)
    with broken_table(), pytest.raises((sqlite3.Error, psycopg.Error)):
        uses.flush()
    uses.note(tokens[1], 2_000)
    assert uses.flush() == 2
    assert [read_token(token).last_used_at for token in tokens] == [1_000, 2_000]


def test_flushes_of_many_threads_lose_nothing(project: str) -> None:
    """Twenty who note and flush at once leave the newest time."""
    uses, token = LastUsed(), mint_api(project).token.id

    def use(at: int) -> int:
        uses.note(token, at)
        return uses.flush()

    at_once(*[lambda at=at: use(at) for at in range(1_000, 1_020)])
    assert uses.flush() == 0
    assert read_token(token).last_used_at == 1_019


def test_a_use_of_no_token_is_harmless(project: str) -> None:
    """A token that is not in the table does not keep the others from being written."""
    uses, token = LastUsed(), mint_api(project).token.id
    uses.note(new_row_id(), 1_000)
    uses.note(token, 1_000)
    uses.flush()
    assert read_token(token).last_used_at == 1_000
