"""Turns of uses: who counts a use and who changes the token do not undo each other's work."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from models import management, rotation
from models.database import session
from models.last_used import LastUsed
from models.project import create_project
from models.rotation import Terms
from models.token import read_token
from models.verification import Needs, verify
from tests.unit.models.stores import ROOT, OpenedStore, mint_api
from tests.unit.models.test_deadlocks import held, wait_for_waiters

PROJECT = "demo-project"


@pytest.fixture
def counted(postgres: OpenedStore) -> tuple[str, str]:
    """The id and the secret of a token with 5 uses."""
    create_project(PROJECT, None, by=ROOT)
    minted = mint_api(PROJECT)
    management.change(PROJECT, minted.token.id, {"uses_left": 5}, by=ROOT)
    return minted.token.id, minted.secret


@contextmanager
def counting(store: OpenedStore, token: str) -> Iterator[None]:
    """Another worker is counting the use that leaves 2, and has written it when the block ends."""
    with psycopg.connect(store.url) as other:
        lock = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
        other.execute(lock, (f"use:{token}",))
        yield
        other.execute("UPDATE token SET uses_left = 2 WHERE id = %s", (token,))


def in_session(work: Callable[[], Any]) -> Any:
    """Do the work in a session of its own."""
    with session():
        return work()


def test_a_token_that_was_revoked_before_its_turn_is_refused(
    postgres: OpenedStore, counted: tuple[str, str]
) -> None:
    """The verdict is that of the moment when the use is granted."""
    token, secret = counted
    with ThreadPoolExecutor(1) as pool:
        with counting(postgres, token):
            asked = pool.submit(in_session, lambda: verify(secret, Needs()))
            wait_for_waiters(postgres, 1)
            management.revoke(PROJECT, token, None, by=ROOT)
        assert asked.result().reason == "revoked"


def test_a_change_of_the_uses_is_not_undone_by_one_that_was_being_counted(
    postgres: OpenedStore, counted: tuple[str, str]
) -> None:
    """It waits for its turn, and stands."""
    token, _ = counted
    change = {"uses_left": 100}
    with ThreadPoolExecutor(1) as pool:
        with counting(postgres, token):
            changing = pool.submit(
                in_session, lambda: management.change(PROJECT, token, change, by=ROOT)
            )
            wait_for_waiters(postgres, 1)
        assert changing.result().token.uses_left == 100
    assert read_token(token).uses_left == 100


def test_a_successor_has_no_use_that_was_being_counted(
    postgres: OpenedStore, counted: tuple[str, str]
) -> None:
    """It is given what is left when the rotation has its turn."""
    token, _ = counted
    with ThreadPoolExecutor(1) as pool:
        with counting(postgres, token):
            rotating = pool.submit(
                in_session, lambda: rotation.rotate(read_token(token), Terms(60), by=ROOT)
            )
            wait_for_waiters(postgres, 1)
        assert rotating.result().token.uses_left == 2


def test_a_first_use_and_the_flush_of_last_uses_pass_each_other(
    postgres: OpenedStore, counted: tuple[str, str]
) -> None:
    """Both change the elder of the two tokens first."""
    elder, _ = counted
    newer = rotation.rotate(read_token(elder), Terms(until_first_use=True), by=ROOT)
    uses = LastUsed()
    for token in (elder, newer.token.id):
        uses.note(token, 1_000)
    with ThreadPoolExecutor(2) as pool:
        with held(postgres, newer.token.id):
            using = pool.submit(in_session, lambda: verify(newer.secret, Needs()))
            wait_for_waiters(postgres, 1)
            flushing = pool.submit(uses.flush)
            wait_for_waiters(postgres, 2)
        assert (using.result().reason, flushing.result()) == ("valid", 2)
