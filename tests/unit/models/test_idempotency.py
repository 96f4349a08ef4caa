"""Idempotency: one change for one key, whoever asks how often, and its answer kept sealed."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from models import idempotency, resealing
from models.database import database
from models.failures import IdempotencyKeyReused, TokenNameTaken
from models.idempotency import KEPT_MILLISECONDS, Idempotency, answer_once, forget_old
from models.secrets import InvalidTag
from models.token import Token, milliseconds
from tests.unit.models.stores import (
    KEY,
    NEWER_KEY,
    OpenedStore,
    at_once,
    live_tokens,
    mint_api,
    raised,
)


def minting(project: str, name: str = "web") -> Callable[[], str]:
    """Work that mints a token and answers with its secret."""
    return lambda: mint_api(project, name).secret


def age(milliseconds_ago: int) -> None:
    """Let every answer have been given so long ago."""
    Idempotency.update(created_at=milliseconds() - milliseconds_ago).execute()


def test_work_is_done_once(project: str) -> None:
    """The second time the first answer is given, and said to be that."""
    first, again = (answer_once("key", b"payload", minting(project)) for _ in range(2))
    assert (again[0], first[1], again[1]) == (first[0], False, True)
    assert live_tokens(project) == 1


def test_a_crowd_makes_one_change(project: str) -> None:
    """All hear the same answer; one of them did the work."""

    def slowly() -> str:
        time.sleep(0.05)
        return minting(project)()

    heard: Any = at_once(*[lambda: answer_once("key", b"payload", slowly)] * 15)
    assert len({answer for answer, _ in heard}) == 1
    assert [replayed for _, replayed in heard].count(False) == 1
    assert live_tokens(project) == 1


def test_another_payload_is_refused(project: str) -> None:
    """A key that was used for something else changes nothing; another key does."""
    answer_once("key", b"payload", minting(project))
    with pytest.raises(IdempotencyKeyReused):
        answer_once("key", b"other", minting(project, "other"))
    assert live_tokens(project) == 1
    assert answer_once("other", b"other", minting(project, "other"))[1] is False


def test_what_fails_leaves_no_trace(project: str) -> None:
    """Neither an answer nor half a change: the same key works once the cause is gone."""

    def half() -> str:
        mint_api(project, "half")
        return mint_api(project).secret

    mint_api(project)
    assert isinstance(raised(lambda: answer_once("key", b"payload", half)), TokenNameTaken)
    assert (live_tokens(project), Idempotency.select().count()) == (1, 0)
    assert answer_once("key", b"payload", minting(project, "half"))[1] is False


def test_an_answer_that_cannot_be_kept_strands_nothing(project: str) -> None:
    """Where the answer is not written, the change is not made either."""
    database.execute_sql("ALTER TABLE idempotency RENAME COLUMN answer TO answer_elsewhere")
    try:
        raised(lambda: answer_once("key", b"payload", minting(project)))
    finally:
        database.execute_sql("ALTER TABLE idempotency RENAME COLUMN answer_elsewhere TO answer")
    assert live_tokens(project) == 0


def test_answers_are_kept_for_a_day(project: str) -> None:
    """A minute before they are given again, a day after they are gone, asked for or not."""
    answer_once("key", b"payload", minting(project))
    age(KEPT_MILLISECONDS - 60_000)
    assert forget_old() == 0
    assert answer_once("key", b"payload", minting(project))[1] is True
    age(KEPT_MILLISECONDS)
    assert answer_once("key", b"other", minting(project, "other"))[1] is False
    age(KEPT_MILLISECONDS)
    assert (forget_old(), Idempotency.select().count()) == (1, 0)


def test_what_is_kept_tells_nothing(project: str) -> None:
    """Neither scope, payload nor answer is in the table as it was."""
    secret, _ = answer_once("scope-of-it", b"payload-of-it", minting(project))
    (row,) = Idempotency.select().tuples()
    stored = b"".join(bytes(cell) for cell in row if not isinstance(cell, int | str))
    stored += repr(row).encode()
    for text in (secret, secret[-20:], "scope-of-it", "payload-of-it"):
        assert text.encode() not in stored


def test_an_answer_opens_under_its_own_key_alone(project: str) -> None:
    """An answer that was put in the place of another cannot be read."""
    answer_once("one", b"payload", minting(project, "one"))
    answer_once("two", b"payload", minting(project, "two"))
    foreign = Idempotency.select(Idempotency.answer).order_by(Idempotency.id).scalar()
    Idempotency.update(answer=foreign).execute()
    heard = []
    for key in ("one", "two"):
        with suppress(InvalidTag):
            heard.append(answer_once(key, b"payload", str))
    assert len(heard) == 1


def test_answers_move_to_the_newest_key(store: OpenedStore, project: str) -> None:
    """Once resealed the old key can go, and a repeated request still hears its answer."""
    for number in range(resealing.BATCH + 3):
        answer_once(f"key-{number}", b"payload", lambda number=number: f"answer-{number}")  # type: ignore[misc]
    secret, _ = answer_once("key", b"payload", minting(project))
    store.use_keys(NEWER_KEY, KEY)
    assert sum(resealing.reseal()) == Token.select().count()
    store.use_keys(NEWER_KEY)
    assert answer_once("key", b"payload", minting(project)) == (secret, True)
    for number in (0, resealing.BATCH + 2):
        assert answer_once(f"key-{number}", b"payload", str)[0] == f"answer-{number}"
    assert idempotency.forget_old() == 0
