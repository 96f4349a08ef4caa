"""Idempotency-Key: a lost answer strands no token, and a repeated request makes no second one."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.actors import ADMIN, TOKENS, Actor, Caller
from tests.conftest import Team
from tests.contract.managing import managed, store
from tests.live import new_project_id

AT_ONCE = 50


def mint(team: Team, actor: Actor, key: str, by: Caller | None = None, **body: Any) -> Any:
    """Mint with a key."""
    sent = {**actor.body, **body} if actor.body is not None else None
    path = actor.collection.format(project=team.project)
    return (by or team.root)("POST", path, json=sent, headers={"Idempotency-Key": key})


def count(team: Team) -> int:
    """How many tokens the project has."""
    return len(team.root("GET", f"/v1/projects/{team.project}/tokens").json()["tokens"])


def test_the_first_answer_is_given_again(team: Team, actor: Actor) -> None:
    """Status, body, secret and Location; the header says that it is a repetition."""
    key = new_project_id()
    first, again = mint(team, actor, key), mint(team, actor, f'"{key}"')
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.headers.get("location") == again.headers.get("location")
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert count(team) == 1


@pytest.mark.parametrize("minter", [ADMIN, TOKENS], ids=["admin", "tokens"])
def test_another_request_with_the_same_key_is_422(team: Team, minter: Actor) -> None:
    """The order of members does not matter, what they say does."""
    key, name = new_project_id(), {"admin": "tokenName", "tokens": "name"}[minter.dialect]
    mint(team, minter, key).raise_for_status()
    assert mint(team, minter, key, **{name: "another"}).status_code == 422
    assert count(team) == 1


def test_a_key_belongs_to_its_caller_and_path(team: Team) -> None:
    """Others may use the same key for requests of their own."""
    key, editor = new_project_id(), team.member("editor")
    before = count(team)
    mint(team, TOKENS, key, name="one").raise_for_status()
    mint(team, TOKENS, key, by=editor, name="two").raise_for_status()
    mint(team, ADMIN, key).raise_for_status()
    assert count(team) == before + 3


def test_what_failed_leaves_no_trace(team: Team) -> None:
    """A refused request can be made again, mended, with its key."""
    key = new_project_id()
    TOKENS.mint(team.root, team.project, name="taken").raise_for_status()
    assert mint(team, TOKENS, key, name="taken").status_code == 409
    assert mint(team, TOKENS, key, name="free").status_code == 200


@pytest.mark.parametrize("minter", [ADMIN, TOKENS], ids=["admin", "tokens"])
def test_what_the_contract_ignores_may_be_any_json(team: Team, minter: Actor) -> None:
    """Integers beyond 64 bits too: they belong to the payload."""
    key = new_project_id()
    mint(team, minter, key, more=2**70).raise_for_status()
    assert mint(team, minter, key, more=2**70).headers["idempotency-replayed"] == "true"
    assert mint(team, minter, key, more=2**71).status_code == 422


def test_after_a_day_a_key_is_new(team: Team) -> None:
    """The answer is forgotten, and the request is carried out again."""
    key = new_project_id()
    mint(team, TOKENS, key).raise_for_status()
    store(team.server, "UPDATE idempotency SET created_at = created_at - 86400000")
    assert mint(team, TOKENS, key).status_code == 409
    assert mint(team, TOKENS, key, name="another").status_code == 200


def test_many_at_once_make_one_token(team: Team, actor: Actor) -> None:
    """All of a crowd with one key get the one answer."""
    key = new_project_id()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: mint(team, actor, key), range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {actor.minted}
    assert len({answer.content for answer in answers}) == 1
    assert count(team) == 1


def test_a_rotation_is_repeated_too(team: Team) -> None:
    """Also that of the token itself, whose first answer was lost."""
    token = managed(team, TOKENS)
    headers = {"Idempotency-Key": new_project_id()}

    def rotate(grace: int) -> httpx.Response:
        terms = {"graceSeconds": grace}
        return token.holder()("POST", "/v1/self/rotate", json=terms, headers=headers)

    first, again = rotate(60), rotate(60)
    assert (first.status_code, first.content) == (201, again.content)
    assert rotate(61).status_code == 422


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9"])
def test_a_key_that_breaks_the_contract_is_400(team: Team, key: str) -> None:
    """Nothing is minted."""
    path = TOKENS.collection.format(project=team.project)
    headers = {"Idempotency-Key": key.encode("latin-1")}
    refused = team.root("POST", path, json=TOKENS.body, headers=headers)
    assert (refused.status_code, count(team)) == (400, 0)
