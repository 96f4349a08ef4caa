"""Who may do what: every role at every operation, at home and abroad."""

from typing import Any

import pytest

from handlers.wire.contract import Operation, contract
from tests.actors import ADMIN, SHARE, TOKENS, Actor, Caller
from tests.conftest import Team
from tests.live import Server, new_project_id
from tests.samples import body_of, path_of

ROLES = ("viewer", "editor", "admin")
# Who asks for this is no caller any more.
FATAL = {"revokeSelf"}
OPERATIONS = contract.operations.values()
GUARDED = [each for each in OPERATIONS if each.permission and each.id not in FATAL]
IN_PROJECT = [operation for operation in GUARDED if "{projectId}" in operation.path]
# Any token may ask these of itself; for a broker 403 is also what a client hears.
OF_ITSELF = {"getSelf": 200, "forwardAuth": 200, "revokeToken": 200, "rotateSelf": 201}
GRACE: dict[str, Any] = {"json": {"graceSeconds": 60}}
BY_STATUS = {"authenticateGoAuthClient", "authorizeGoAuthClient"}


def call(caller: Caller, operation: Operation, project: str) -> int:
    """Call the operation on a project and answer the status."""
    path = path_of(operation, projectId=project, token="unknown", tokenId="unknown")
    body = GRACE if operation.id == "rotateSelf" else body_of(operation)
    return caller(operation.method, path, **body).status_code


@pytest.mark.parametrize("role", ROLES)
def test_roles_do_what_the_contract_lets_them(team: Team, role: str) -> None:
    """A role passes where `x-roles` has the permission, and is 403 where it has not."""
    member = team.member(role)
    for operation in GUARDED:
        if operation.id in ("deleteProject", "createProject"):
            assert call(member, operation, team.project) == 403
            continue
        allowed = operation.permission in contract.roles[role]
        if operation.id in BY_STATUS:
            continue
        assert (call(member, operation, team.project) != 403) == allowed, operation.id


@pytest.mark.parametrize("role", ROLES)
def test_foreign_projects_are_refused_alike_whether_they_exist(
    team: Team, root: Caller, role: str
) -> None:
    """Status, body and challenge do not tell a project of others from one that never was."""
    member, other = team.member(role), new_project_id()
    assert root("POST", "/v1/projects", json={"id": other}).status_code == 201
    for operation in IN_PROJECT:
        real, made_up = (call(member, operation, project) for project in (other, new_project_id()))
        assert real == made_up == (404 if operation.id == "getPublicShareToken" else 403)


def test_a_foreign_share_is_as_if_the_project_were_not_there(team: Team, root: Caller) -> None:
    """The share dialect documents no 403 for GET: a stranger's project is not found."""
    other = new_project_id()
    root("POST", "/v1/projects", json={"id": other})
    SHARE.mint(root, other)
    answers = [SHARE.list(team.member("admin"), project) for project in (other, new_project_id())]
    assert [SHARE.error(answer) for answer in answers] == [(404, "project_not_found")] * 2
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("kind", ["backend", "client"])
def test_api_tokens_manage_nothing(team: Team, server: Server, kind: str) -> None:
    """They may look at, rotate and end themselves; all else is 403, and a share 404."""
    holder = Caller(server.url, ADMIN.secret(ADMIN.mint(team.root, team.project, type=kind)))
    for operation in GUARDED:
        expected = {**OF_ITSELF, "getPublicShareToken": 404}.get(operation.id, 403)
        assert call(holder, operation, team.project) == expected, operation.id


@pytest.mark.parametrize(("minter", "body"), [(SHARE, {}), (ADMIN, {"type": "frontend"})])
def test_who_was_handed_a_public_token_cannot_take_it_over(
    team: Team, server: Server, minter: Actor, body: dict[str, str]
) -> None:
    """It may only be looked at: neither rotated nor revoked by whoever received it."""
    public = Caller(server.url, minter.secret(minter.mint(team.root, team.project, **body)))
    expected = {"getSelf": 200, "forwardAuth": 200, "getPublicShareToken": 404}
    for operation in OPERATIONS:
        if operation.permission:
            answer = call(public, operation, team.project)
            assert answer == expected.get(operation.id, 403), operation.id


def test_nobody_mints_or_revokes_more_than_they_hold(team: Team) -> None:
    """An editor mints editors but no admin, and cannot revoke one."""
    editor, admin = team.member("editor"), team.member("admin")
    assert TOKENS.mint(editor, team.project, name="e", role="editor").status_code == 200
    assert TOKENS.mint(editor, team.project, name="a", role="admin").status_code == 403
    assert TOKENS.mint(team.root, team.project, name="r", role="root").status_code == 400
    minted = TOKENS.mint(admin, team.project, name="a", role="admin")
    assert TOKENS.revoke(editor, team.project, minted.json()["id"]).status_code == 403
    assert TOKENS.revoke(admin, team.project, minted.json()["id"]).status_code == 200


def test_tokens_of_other_projects_are_out_of_reach_by_id_and_by_secret(
    team: Team, root: Caller
) -> None:
    """Neither the id nor the secret of a foreign token works in one's own project."""
    other = new_project_id()
    root("POST", "/v1/projects", json={"id": other})
    foreign = ADMIN.mint(root, other)
    token_id = foreign.headers["location"].rpartition("/")[2]
    member = team.member("admin")
    for reference in (token_id, foreign.json()["secret"]):
        assert ADMIN.revoke(member, team.project, reference).status_code == 404
        path = ADMIN.item.format(project=team.project, token=reference)
        assert member("GET", path).status_code == 404


def test_members_see_their_own_project_only(team: Team) -> None:
    """The list of projects holds the caller's own."""
    listed = team.member("viewer")("GET", "/v1/projects").json()["projects"]
    assert [project["id"] for project in listed] == [team.project]


def test_viewers_see_masked_secrets(team: Team) -> None:
    """Who may mint sees the secret again, a viewer its last characters."""
    secret = ADMIN.mint(team.root, team.project).json()["secret"]
    shown = [
        ADMIN.list(team.member(role), team.project).json()["tokens"][0]["secret"]
        for role in ("editor", "viewer")
    ]
    assert shown == [secret, f"{team.project}:default.****{secret[-4:]}"]
