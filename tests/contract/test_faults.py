"""Every row of `x-faults`, provoked in every dialect that has a cell for it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from handlers.wire.contract import contract
from tests.actors import ACTORS, ADMIN, SHARE, TOKENS, Actor, Caller
from tests.conftest import Team
from tests.live import ROOT_TOKEN, Server, new_project_id
from tests.raw import request, send

BY_DIALECT = {actor.dialect: actor for actor in ACTORS}
OUTAGES = {"internal_error", "storage_unavailable", "rate_limited", "project_limit_reached"}
OUTAGES |= {"token_limit_reached", "environment_not_allowed"}
AT_THE_EDGE = {"bad_request", "not_found", "payload_too_large", "unsupported_media_type"}
CELLS = [
    (row, dialect)
    for row, cells in contract.document["x-faults"].items()
    for dialect in contract.dialects
    if dialect in cells and row not in OUTAGES and (dialect != "oauth" or row in AT_THE_EDGE)
]
JSON = "Content-Type: application/json"


def _path(dialect: str, project: str) -> str:
    found = BY_DIALECT.get(dialect)
    return found.collection.format(project=project) if found else f"/oauth2/{project}"


def _bad_request(team: Team, dialect: str) -> Any:
    return _raw(team, request("GET", _path(dialect, "a%00b"), token=ROOT_TOKEN))


def _payload_too_large(team: Team, dialect: str) -> Any:
    path = _path(dialect, team.project)
    return _raw(team, request("POST", path, JSON, body=b"a" * 70000, token=ROOT_TOKEN))


def _raw(team: Team, sent: bytes) -> httpx.Response:
    answer = send(team.server, sent)
    return httpx.Response(answer.status, headers=answer.headers, content=answer.body)


def _not_found(team: Team, dialect: str) -> httpx.Response:
    return team.root("GET", contract.dialects[dialect][0] + "/nowhere")


def _method_not_allowed(team: Team, dialect: str) -> httpx.Response:
    return team.root("PUT", _path(dialect, team.project))


def _validation_failed(team: Team, dialect: str) -> httpx.Response:
    if dialect == "share":
        return team.root("GET", _path(dialect, "Short"))
    return BY_DIALECT[dialect].mint(team.root, team.project, type="nonsense")


def _expiry_out_of_range(team: Team, dialect: str) -> httpx.Response:
    past = "2001-01-01T00:00:00Z"
    if dialect == "share":
        return _change(team, {"expiresAt": past})
    member = {"admin": "expiresAt", "tokens": "valid_date"}[dialect]
    return BY_DIALECT[dialect].mint(team.root, team.project, **{member: past})


def _unauthorized(team: Team, dialect: str) -> httpx.Response:
    return BY_DIALECT[dialect].list(Caller(team.server.url, "unknown"), team.project)


def _forbidden(team: Team, dialect: str) -> httpx.Response:
    return BY_DIALECT[dialect].mint(team.member("viewer"), team.project)


def _role_not_held(team: Team, dialect: str) -> httpx.Response:
    if dialect == "share":
        return _change(team, {"description": "mine"}, by=team.member("editor"), role="admin")
    return TOKENS.mint(team.member("editor"), team.project, role="admin")


def _requirement_not_met(team: Team, dialect: str) -> httpx.Response:
    client = {"username": "unknown", "password": "unknown"}
    return team.root("POST", f"/v1/projects/{team.project}/brokers/b/go-auth/user", json=client)


def _project_not_found(team: Team, dialect: str) -> httpx.Response:
    return BY_DIALECT[dialect].list(team.root, new_project_id())


def _public_share_token_not_found(team: Team, dialect: str) -> httpx.Response:
    return SHARE.list(team.root, team.project)


def _token_not_found(team: Team, dialect: str) -> httpx.Response:
    if dialect == "share":
        return team.root("GET", f"/v1/projects/{team.project}/tokens/unknown")
    return BY_DIALECT[dialect].revoke(team.root, team.project, "unknown")


def _token_name_taken(team: Team, dialect: str) -> httpx.Response:
    if dialect == "share":
        TOKENS.mint(team.root, team.project, name="taken")
        return _change(team, {"name": "taken"})
    BY_DIALECT[dialect].mint(team.root, team.project)
    return BY_DIALECT[dialect].mint(team.root, team.project)


def _grace_out_of_range(team: Team, dialect: str) -> httpx.Response:
    minted = TOKENS.mint(team.root, team.project).json()["id"]
    terms = {"graceSeconds": 31_556_952}
    return team.root("POST", f"/v1/projects/{team.project}/tokens/{minted}/rotate", json=terms)


def _token_state_conflict(team: Team, dialect: str) -> httpx.Response:
    minted = TOKENS.mint(team.root, team.project).json()["id"]
    TOKENS.revoke(team.root, team.project, minted)
    return team.root("POST", f"/v1/projects/{team.project}/tokens/{minted}/suspend")


def _count_not_confirmed(team: Team, dialect: str) -> httpx.Response:
    path = f"/v1/projects/{team.project}/token-revocations"
    return team.root("POST", path, json={"confirmedCount": 7})


def _precondition_failed(team: Team, dialect: str) -> httpx.Response:
    return _change(team, {"description": "late"}, headers={"If-Match": '"older"'})


def _idempotency_key_reused(team: Team, dialect: str) -> httpx.Response:
    if dialect == "share":
        minted = TOKENS.mint(team.root, team.project).json()["id"]
        path = f"/v1/projects/{team.project}/tokens/{minted}/rotate"
        bodies: list[dict[str, Any]] = [{}, {"graceSeconds": 60}]
    else:
        path = BY_DIALECT[dialect].collection.format(project=team.project)
        body = BY_DIALECT[dialect].body or {}
        name = {"admin": "tokenName", "tokens": "name"}[dialect]
        bodies = [body, {**body, name: "another"}]
    key = {"Idempotency-Key": new_project_id()}
    return [team.root("POST", path, json=body, headers=key) for body in bodies][-1]


def _change(team: Team, changes: Any, *, by: Any = None, **options: Any) -> httpx.Response:
    role = options.pop("role", "viewer")
    minted = TOKENS.mint(team.root, team.project, name="changed", role=role).json()["id"]
    path = f"/v1/projects/{team.project}/tokens/{minted}"
    return (by or team.root)("PATCH", path, json=changes, **options)


def _project_exists(team: Team, dialect: str) -> httpx.Response:
    return team.root("POST", "/v1/projects", json={"id": team.project})


def _unsupported_media_type(team: Team, dialect: str) -> httpx.Response:
    path = "/v1/projects" if dialect == "share" else _path(dialect, team.project)
    return team.root(
        "POST", path, content=b"{}", headers={"Content-Type": "text/plain; charset=utf-16"}
    )


@pytest.mark.parametrize(("row", "dialect"), CELLS, ids=[f"{r}-{d}" for r, d in CELLS])
def test_each_fault_is_worded_as_the_contract_says(team: Team, row: str, dialect: str) -> None:
    """Status, code and message of the fault are those of its row, in the dialect's shape."""
    provoke: Callable[[Team, str], httpx.Response] = globals()[f"_{row}"]
    response = provoke(team, dialect)
    wording = contract.wording(row, dialect)
    if dialect == "oauth":
        assert (response.status_code, response.json()["error"]) == (wording.status, wording.code)
        return
    actor = BY_DIALECT[dialect]
    assert actor.error(response) == (wording.status, wording.code), response.text
    assert response.json()["message"] == wording.message
    assert ("details" in response.json()) or dialect != "admin" or wording.status != 400


def test_the_documented_example_of_a_validation_error(root: Caller) -> None:
    """A name of two characters is answered with the words of the document."""
    sent = {"id": new_project_id(), "name": "ab"}
    assert root("POST", "/v1/projects", json=sent).json() == {
        "status": 400,
        "code": "validation_failed",
        "message": "Validation failed",
        "details": "Project name must be between 3 and 60 characters",
    }


def test_errors_of_unleash_point_at_what_was_wrong(root: Caller, project: str) -> None:
    """400 has a list of messages with a JSON pointer each."""
    (detail,) = ADMIN.mint(root, project, tokenName="").json()["details"]
    assert detail["path"] == "/body/tokenName"
    assert detail["message"] == "API token name must be between 1 and 255 characters"


def test_bad_credentials_are_told_from_none(server: Server, actor: Actor, project: str) -> None:
    """RFC 6750: `error` stands in the challenge only where a token was sent."""
    challenge = actor.list(Caller(server.url, "wrong"), project).headers["www-authenticate"]
    assert challenge == 'Bearer realm="jeton", error="invalid_token"'
