"""One Idempotency-Key, fifty requests at the same moment: one token."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.actors import Actor
from tests.conftest import Team
from tests.crowds import LONG
from tests.live import new_project_id

AT_ONCE = 50
ROUNDS = 10 if LONG else 1


def at_once(team: Team, actor: Actor, key: str, name: str) -> list[httpx.Response]:
    """The answers to fifty equal requests."""
    together = threading.Barrier(AT_ONCE)
    body = {**actor.body, _name(actor): name} if actor.body is not None else None
    path = actor.collection.format(project=team.project)

    def ask(_: int) -> httpx.Response:
        together.wait()
        return team.root("POST", path, json=body, headers={"Idempotency-Key": key})

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(ask, range(AT_ONCE)))


def _name(actor: Actor) -> str:
    return "tokenName" if actor.dialect == "admin" else "name"


def test_fifty_at_once_make_one_token(team: Team, actor: Actor, on: str) -> None:
    """All get the one answer, one of them first-hand; one event tells of one token."""
    longest = 0.0
    for number in range(ROUNDS):
        began = time.monotonic()
        answers = at_once(team, actor, new_project_id(), f"token-{number}")
        longest = max(longest, time.monotonic() - began)
        assert {answer.status_code for answer in answers} == {actor.minted}
        assert len({answer.content for answer in answers}) == 1
        replayed = [answer.headers.get("idempotency-replayed") for answer in answers]
        assert sorted(filter(None, replayed)) == ["true"] * (AT_ONCE - 1)
        path = f"/v1/projects/{team.project}/events"
        minted = team.root("GET", path, params={"action": "token.minted"}).json()["events"]
        assert len(minted) == number + 1
    print(f"\n{on}, {actor.dialect}: {ROUNDS} x {AT_ONCE} equal answers, {longest:.1f} s at most")
