"""Lost answers: who rotated itself and never heard of it asks again with the dead token."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.actors import ADMIN, TOKENS
from tests.conftest import Team
from tests.contract.managing import Managed, managed, store
from tests.live import new_project_id


@dataclass
class Lost:
    """A token that rotated itself, and whose answer was lost on its way."""

    old: Managed
    key: str
    answer: httpx.Response

    def ask(self, key: str | None = None, path: str = "/v1/self/rotate", **body: Any) -> Any:
        """Send the request of the old token again, or another one."""
        headers = {"Idempotency-Key": key or self.key}
        return self.old.holder()("POST", path, json=body, headers=headers)

    @property
    def successor(self) -> Managed:
        """The token whose secret was lost."""
        told = self.answer.json()
        return Managed(self.old.team, told["token"]["id"], told["secret"])


def lost(team: Team, **limits: Any) -> Lost:
    """A token of a new name that rotated itself without grace."""
    old, key = managed(team, TOKENS, name=new_project_id(), role="editor"), new_project_id()
    if limits:
        old.change(**limits).raise_for_status()
    rotation = Lost(old, key, httpx.Response(500))
    rotation.answer = rotation.ask()
    assert rotation.answer.status_code == 201
    return rotation


def test_the_old_token_hears_again_what_its_rotation_answered(team: Team) -> None:
    """Though it is dead: a lost answer strands nobody, however often it is lost."""
    for limits in ({}, {"remainingUses": 1}, {"allowedIps": ["127.0.0.1/32"]}):
        rotation = lost(team, **limits)
        for _ in range(2):
            again = rotation.ask()
            assert (again.status_code, again.content) == (201, rotation.answer.content)
            assert again.headers["idempotency-replayed"] == "true"
    rotation = lost(team)
    secret = rotation.ask().json()["secret"]
    assert rotation.old.holder(secret)("GET", "/v1/self").status_code == 200


def test_the_old_token_is_good_for_nothing_else(team: Team) -> None:
    """Another key, request or path is refused as if it were unknown; so is all that it could do."""
    rotation = lost(team)
    assert rotation.ask(key=new_project_id()).status_code == 401
    assert rotation.ask(graceSeconds=60).status_code == 422
    assert rotation.ask(path="/v1/self/revoke").status_code == 401
    assert rotation.ask(path=f"{rotation.old.path}/rotate").status_code == 401
    assert rotation.old.holder()("POST", "/v1/self/rotate", json={}).status_code == 401
    assert rotation.old.holder()("GET", "/v1/self").status_code == 401
    path = TOKENS.collection.format(project=team.project)
    assert rotation.ask(path=path, **(TOKENS.body or {})).status_code == 401


def test_a_key_that_another_request_of_the_token_had_replays_no_rotation(team: Team) -> None:
    """A token that others rotated hears nothing, whatever keys it used."""
    old, key = managed(team, TOKENS, role="editor"), new_project_id()
    headers, path = {"Idempotency-Key": key}, ADMIN.collection.format(project=team.project)
    old.holder()("POST", path, json=ADMIN.body, headers=headers).raise_for_status()
    team.root("POST", f"{old.path}/rotate", json={}, headers=headers).raise_for_status()
    assert old.holder()("POST", "/v1/self/rotate", json={}, headers=headers).status_code == 401
    assert old.holder()("POST", path, json=ADMIN.body, headers=headers).status_code == 401


SINCE: dict[str, Callable[[Lost], object]] = {
    "its successor was used": lambda lost: lost.successor.holder()("GET", "/v1/self"),
    "its successor was revoked": lambda lost: lost.successor.do("revoke"),
    "its successor was suspended": lambda lost: lost.successor.do("suspend"),
    "its successor was rotated": lambda lost: lost.successor.do("rotate"),
    "its successor was bound to a network": lambda lost: lost.successor.change(
        allowedIps=["192.0.2.0/24"]
    ),
    "its successor expired": lambda lost: sql(lost, "expires_at = 1", lost.successor.id),
    "it would have expired": lambda lost: sql(lost, "expires_at = 1", lost.old.id),
    "it was revoked": lambda lost: sql(lost, "end_reason = 'revoked'", lost.old.id),
    "its successor was purged": lambda lost: store(
        lost.old.team.server, "DELETE FROM token WHERE id = ?", lost.successor.id
    ),
    "a day went by": lambda lost: store(
        lost.old.team.server, "UPDATE idempotency SET created_at = created_at - 86400000"
    ),
}


def sql(rotation: Lost, change: str, token: str) -> None:
    """Change a token as only time, or another server, could."""
    store(rotation.old.team.server, f"UPDATE token SET {change} WHERE id = ?", token)


@pytest.mark.parametrize("since", SINCE)
def test_the_old_token_hears_nothing_any_more_where(team: Team, since: str) -> None:
    """Its answer would be of no use, or came through, or somebody wanted an end of it."""
    rotation = lost(team)
    SINCE[since](rotation)
    wait_for(lambda: rotation.ask().status_code == 401)


def wait_for(fact: Callable[[], bool]) -> None:
    """Wait until it is so at whichever worker: a use is written within a second."""
    deadline = time.monotonic() + 10
    while not all(fact() for _ in range(4)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
