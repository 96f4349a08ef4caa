"""Forward authentication: 200, 401 and 403 alone, whatever a gateway or its client sends."""

import pytest

from handlers.wire.contract import METHODS
from tests.actors import ADMIN, TOKENS, Caller
from tests.conftest import Team
from tests.live import ROOT_TOKEN, Server
from tests.raw import request, send

GATE = "/v1/forward-auth"
IDENTITY = {"token-id", "kind", "name", "project", "environment", "type", "role", "brokers"}


@pytest.fixture
def holder(team: Team, server: Server) -> Caller:
    """The holder of an API token with a name that is not ASCII."""
    minted = ADMIN.mint(team.root, team.project, tokenName="wéb, shop", environment="production")
    return Caller(server.url, ADMIN.secret(minted))


def test_who_was_let_in_is_told_in_headers(team: Team, holder: Caller) -> None:
    """All identity headers are always there, safe in a header, empty where they do not apply."""
    answer = holder("GET", GATE, params={"project": team.project, "environment": "production"})
    assert (answer.status_code, answer.content) == (200, b"")
    told = {name[8:]: value for name, value in answer.headers.items() if name[:8] == "x-jeton-"}
    assert set(told) == IDENTITY
    assert (told["name"], told["type"], told["role"]) == ("w%C3%A9b%2C shop", "backend", "")
    assert answer.headers["cache-control"] == "no-store"


def test_a_project_token_tells_role_and_brokers(team: Team, server: Server) -> None:
    """Brokers stand in one header, by commas."""
    minted = TOKENS.mint(team.root, team.project, brokers=["a", "b"], role="editor")
    answer = Caller(server.url, TOKENS.secret(minted))("GET", GATE)
    assert (answer.headers["x-jeton-role"], answer.headers["x-jeton-brokers"]) == ("editor", "a,b")


@pytest.mark.parametrize("method", [*METHODS, "options", "head", "propfind"])
@pytest.mark.parametrize("tail", ["", "/", "/a/b", "//x/../y%2f%00%ff/"])
def test_any_method_and_any_path_below_is_the_same(
    server: Server, team: Team, method: str, tail: str
) -> None:
    """The guarded request's method, path and body change nothing."""
    secret = TOKENS.secret(TOKENS.mint(team.root, team.project))
    for token, status in ((secret, 200), ("unknown", 401)):
        sent = request(method.upper(), GATE + tail, token=token, body=b"{" * 100)
        assert send(server, sent).status == status


def test_below_the_gate_the_query_is_not_heard(team: Team, holder: Caller) -> None:
    """The client's own query neither adds nor lifts a requirement; the gateway's header does."""
    foreign = {"X-Jeton-Require": "project=another-project"}
    own = {"X-Jeton-Require": f"project={team.project}"}
    path = f"{GATE}/orders?project=another-project&nope=1"
    assert holder("GET", path).status_code == 200
    assert holder("GET", path, headers=own).status_code == 200
    path = f"{GATE}/orders?project={team.project}"
    assert holder("GET", path, headers=foreign).status_code == 403


@pytest.mark.parametrize(
    ("query", "code", "details"),
    [
        ("project=another-project", "forbidden", "wrong_project"),
        ("role=viewer", "forbidden", "insufficient_role"),
        ("nope=1", "validation_failed", None),
        ("role=king", "validation_failed", None),
        ("project=a&project=b", "validation_failed", None),
        ("project=%ff", "bad_request", None),
    ],
)
def test_what_is_not_met_or_not_understood_is_403(
    holder: Caller, query: str, code: str, details: str | None
) -> None:
    """A gateway that asks for nonsense lets nobody in, and its log can tell why."""
    refused = holder("GET", f"{GATE}?{query}")
    assert (refused.status_code, refused.json()["code"]) == (403, code)
    assert refused.json()["status"] == 403
    assert details is None or refused.json()["details"] == details
    assert not any(name.startswith("x-jeton-") for name in refused.headers)


def test_requirements_of_header_and_query_are_not_mixed_up(team: Team, holder: Caller) -> None:
    """What both name is refused, not chosen from."""
    require = {"X-Jeton-Require": f"project={team.project}"}
    query = {"project": team.project}
    assert holder("GET", GATE, params=query, headers=require).status_code == 403
    query = {"environment": "production"}
    assert holder("GET", GATE, params=query, headers=require).status_code == 200


def test_two_credentials_are_403(server: Server) -> None:
    """Which of two tokens a gateway meant is nobody's guess."""
    twice = request("GET", GATE, f"Authorization: {ROOT_TOKEN}", token=ROOT_TOKEN)
    assert send(server, twice).status == 403


def test_a_refused_gateway_is_challenged(stranger: Caller) -> None:
    """nginx passes the challenge on: it is RFC 6750's."""
    refused = stranger("GET", GATE)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (
        401,
        'Bearer realm="jeton"',
    )


def test_nothing_of_the_guarded_request_is_logged(server: Server, holder: Caller) -> None:
    """Neither its path nor its query, and of what it sent as identity nothing."""
    marks = ("path-mark", "query-mark", "identity-mark")
    for call in (holder, Caller(server.url), Caller(server.url, "unknown")):
        sent = {"X-Jeton-Project": marks[2], "X-Forwarded-Uri": f"/{marks[0]}"}
        call("GET", f"{GATE}/{marks[0]}?{marks[1]}=1", headers=sent)
    assert not [mark for mark in marks if mark in server.log()]


def test_the_path_beside_the_gate_is_not_the_gate(root: Caller) -> None:
    """A longer name is another path."""
    assert root("GET", f"{GATE}x").status_code == 404
