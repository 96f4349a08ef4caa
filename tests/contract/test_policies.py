"""Limits and policies that an operator sets, told in each dialect."""

from collections.abc import Iterator

import pytest

from tests.actors import ADMIN, SHARE, TOKENS, Caller
from tests.live import ROOT_TOKEN, Server, new_project_id

SETTINGS = {
    "JETON_MAX_PROJECTS": "3",
    "JETON_MAX_TOKENS_PER_PROJECT": "2",
    "JETON_ENVIRONMENTS": "development, production",
    "JETON_SHOW_SECRETS": "once",
    "JETON_PUBLIC_URL": "https://tokens.example.com/",
}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with narrow policies."""
    server = Server(tmp_path_factory.mktemp("strict"), **SETTINGS).start()
    yield server
    server.stop()


@pytest.fixture
def chief(strict: Server) -> Iterator[Caller]:
    """Its root caller, who leaves no project behind."""
    caller = Caller(strict.url, ROOT_TOKEN)
    yield caller
    for project in caller("GET", "/v1/projects").json()["projects"]:
        caller("DELETE", f"/v1/projects/{project['id']}")


def _project(chief: Caller) -> str:
    project = new_project_id()
    assert chief("POST", "/v1/projects", json={"id": project}).status_code == 201
    return project


def test_one_project_too_many_is_refused(chief: Caller) -> None:
    """Over the limit: 403 project_limit_reached; deleting one makes room."""
    made = [_project(chief) for _ in range(3)]
    refused = chief("POST", "/v1/projects", json={"id": new_project_id()})
    assert SHARE.error(refused) == (403, "project_limit_reached")
    chief("DELETE", f"/v1/projects/{made[0]}")
    assert chief("POST", "/v1/projects", json={"id": made[0]}).status_code == 201


def test_one_token_too_many_is_refused_in_each_dialects_own_error(chief: Caller) -> None:
    """Over the limit each dialect says so in its own code; revoking one makes room."""
    project = _project(chief)
    allowed = {"environment": "production"}
    for name in ("a", "b"):
        assert ADMIN.mint(chief, project, tokenName=name, **allowed).status_code == 201
    assert SHARE.error(SHARE.mint(chief, project)) == (403, "forbidden")
    assert TOKENS.error(TOKENS.mint(chief, project)) == (403, "token_limit_reached")
    over = ADMIN.mint(chief, project, tokenName="c", **allowed)
    assert ADMIN.error(over) == (400, "ExceedsLimitError")
    listed = ADMIN.list(chief, project)
    assert listed.status_code == 200
    assert chief("DELETE", f"/v1/projects/{project}").status_code == 204


def test_a_share_is_replaced_at_the_limit(chief: Caller) -> None:
    """Regenerating takes no more room than the share it replaces."""
    project = _project(chief)
    for _ in range(4):
        assert SHARE.mint(chief, project).status_code == 201


def test_only_allowed_environments_are_minted_for(chief: Caller) -> None:
    """Another environment, the default one too, is 400 and names the allowed ones."""
    project = _project(chief)
    refused = ADMIN.mint(chief, project)
    assert ADMIN.error(refused) == (400, "BadDataError")
    (detail,) = refused.json()["details"]
    assert detail["message"] == "Allowed are: development, production."
    assert ADMIN.mint(chief, project, environment="development").status_code == 201
    assert ADMIN.mint(chief, project, environment="*").status_code == 400


def test_secrets_are_shown_once(chief: Caller) -> None:
    """With `once` the mint shows the secret and lists mask it, for everybody."""
    project = _project(chief)
    secret = ADMIN.mint(chief, project, environment="production").json()["secret"]
    (listed,) = ADMIN.list(chief, project).json()["tokens"]
    assert listed["secret"] == f"{project}:production.****{secret[-4:]}"
    assert ADMIN.revoke(chief, project, secret).status_code == 200


def test_share_links_begin_with_the_public_url(chief: Caller) -> None:
    """The link is where the world reaches this server."""
    shared = SHARE.mint(chief, _project(chief)).json()
    assert shared["url"] == f"https://tokens.example.com/v1/public-shares/{shared['token']}"
