"""OAuth: what RFC 7662, RFC 7009 and RFC 8414 promise, in OAuth's own shapes."""

import base64
import time

import pytest

from models.last_used import FLUSH_SECONDS
from tests.actors import ADMIN, SHARE, TOKENS, Actor, Caller
from tests.conftest import Team
from tests.live import ROOT_TOKEN, Server

INTROSPECT, REVOKE = "/oauth2/introspect", "/oauth2/revoke"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def basic(user: str, password: str) -> dict[str, str]:
    """The header of RFC 7617."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_an_api_token_is_told_in_full(team: Team) -> None:
    """Times are whole seconds, the audience is the project, the id is never the secret."""
    secret = ADMIN.secret(ADMIN.mint(team.root, team.project, expiresAt="2099-11-22T08:15:14.9Z"))
    told = team.member("viewer")("POST", INTROSPECT, data={"token": secret}).json()
    assert told["active"] is True
    assert (told["exp"], type(told["iat"])) == (4099018514, int)
    assert told["sub"] == told["jti"] == told["client_id"] != secret
    assert (told["project"], told["projects"], told["aud"]) == (
        team.project,
        [team.project],
        team.project,
    )
    assert (told["kind"], told["type"], told["environment"]) == ("api", "backend", "default")
    assert told["scope"] == "self:read self:revoke self:rotate"
    assert told["iss"] == team.server.url
    assert "role" not in told


def test_a_project_token_tells_role_and_brokers(team: Team) -> None:
    """What does not apply to a kind is left out, what applies is there."""
    minted = TOKENS.mint(team.root, team.project, role="editor", brokers=["broker-1"])
    told = team.root("POST", INTROSPECT, data={"token": TOKENS.secret(minted)}).json()
    assert (told["role"], told["brokers"], told["type"]) == ("editor", ["broker-1"], "restricted")
    assert {"exp", "environment"} & set(told) == set()
    assert "tokens:verify" in told["scope"].split()


def test_hints_are_ignored_and_unknown_parameters_too(team: Team) -> None:
    """RFC 7662, section 2.1, and RFC 6749, section 3.1."""
    secret = SHARE.secret(SHARE.mint(team.root, team.project))
    form = {"token": secret, "token_type_hint": "refresh_token", "other": "1"}
    assert team.root("POST", INTROSPECT, data=form).json()["active"] is True


@pytest.mark.parametrize("path", [INTROSPECT, REVOKE])
@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("", FORM, 400),
        ("other=1", FORM, 400),
        ("token=", FORM, 400),
        ("token=a&token=b", FORM, 400),
        ("token=%ff", FORM, 400),
        ("token=%0a", FORM, 400),
        ("token=" + "x" * 601, FORM, 400),
        ('{"token": "x"}', {"Content-Type": "application/json"}, 415),
        ("token=x", {}, 415),
    ],
)
def test_bad_forms_are_invalid_requests(
    root: Caller, path: str, body: str, headers: dict[str, str], status: int
) -> None:
    """Errors have the shape of RFC 6749, section 5.2, and no other member."""
    refused = root("POST", path, content=body, headers=headers)
    assert refused.status_code == status
    assert set(refused.json()) == {"error", "error_description"}
    assert refused.json()["error"] == "invalid_request"


def test_basic_is_taken_here_and_nowhere_else(team: Team) -> None:
    """The password is the token, whatever the user; a colon in it stays; other APIs refuse it."""
    viewer = TOKENS.secret(TOKENS.mint(team.root, team.project))
    api = ADMIN.secret(ADMIN.mint(team.root, team.project))
    call = Caller(team.server.url)
    form = {"token": api}
    assert call("POST", INTROSPECT, data=form, headers=basic("x", viewer)).json()["active"]
    encoded = basic("x", api.replace(":", "%3A"))
    assert call("POST", REVOKE, data=form, headers=encoded).status_code == 200
    assert call("GET", "/v1/self", headers=basic("x", viewer)).status_code == 401


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic eA==", "Basic /w=="])
def test_a_broken_basic_header_is_refused(stranger: Caller, header: str) -> None:
    """The challenge names both schemes."""
    refused = stranger("POST", INTROSPECT, data={"token": "x"}, headers={"Authorization": header})
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert 'Basic realm="jeton"' in refused.headers["www-authenticate"]


def test_revoked_is_revoked_however_often(team: Team, actor: Actor) -> None:
    """Known, unknown and dead tokens are answered alike, with an empty body; the known one dies."""
    secret = actor.secret(actor.mint(team.root, team.project))
    editor = team.member("editor")
    for token in (secret, secret, "unknown"):
        answer = editor("POST", REVOKE, data={"token": token})
        assert (answer.status_code, answer.content) == (200, b"")
    assert Caller(team.server.url, secret)("GET", "/v1/self").status_code == 401


def test_a_token_may_end_itself_and_no_other(team: Team, server: Server) -> None:
    """A holder revokes itself; of others it needs the permission, and never above its own role."""
    one, two = (actor.secret(actor.mint(team.root, team.project)) for actor in (ADMIN, SHARE))
    admin = TOKENS.secret(TOKENS.mint(team.root, team.project, role="admin", name="admin"))
    holder = Caller(server.url, one)
    refused = holder("POST", REVOKE, data={"token": two})
    assert (refused.status_code, refused.json()["error"]) == (403, "insufficient_scope")
    assert 'scope="tokens:write"' in refused.headers["www-authenticate"]
    assert team.member("editor")("POST", REVOKE, data={"token": admin}).status_code == 403
    assert holder("POST", REVOKE, data={"token": one}).status_code == 200
    assert holder("GET", "/v1/self").status_code == 401
    for survivor in (two, admin):
        assert Caller(server.url, survivor)("GET", "/v1/self").status_code == 200


def test_a_token_of_others_is_answered_as_unknown_and_lives_on(team: Team, server: Server) -> None:
    """Nobody revokes, or learns of, a token of another project; not even a root token's."""
    minted = TOKENS.mint(team.root, team.project)
    other = f"{team.project}-x"
    team.root("POST", "/v1/projects", json={"id": other}).raise_for_status()
    stranger = Caller(server.url, TOKENS.secret(TOKENS.mint(team.root, other, role="admin")))
    for secret in (TOKENS.secret(minted), ROOT_TOKEN):
        assert stranger("POST", REVOKE, data={"token": secret}).status_code == 200
        assert Caller(server.url, secret)("GET", "/v1/self").status_code == 200


def test_the_metadata_leads_to_the_endpoints(stranger: Caller) -> None:
    """RFC 8414: the issuer is this server, and what it names is there."""
    told = stranger("GET", "/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == stranger.url
    for endpoint in ("introspection_endpoint", "revocation_endpoint"):
        assert stranger("POST", told[endpoint].removeprefix(stranger.url)).status_code == 401


def last_used(team: Team, name: str) -> str | None:
    """When the only token of that name was used last, once what was noted is written."""
    time.sleep(FLUSH_SECONDS + 0.5)
    path = f"/v1/projects/{team.project}/tokens"
    (token,) = team.root("GET", path, params={"name": name}).json()["tokens"]
    return token.get("lastUsedAt")  # type: ignore[no-any-return]


def test_introspection_counts_as_a_use(team: Team, server: Server) -> None:
    """Who is introspected was used; whom the asker may not see was not."""
    secret = ADMIN.secret(ADMIN.mint(team.root, team.project, tokenName="asked"))
    other = f"{team.project}-x"
    team.root("POST", "/v1/projects", json={"id": other}).raise_for_status()
    stranger = Caller(server.url, TOKENS.secret(TOKENS.mint(team.root, other, role="admin")))
    assert stranger("POST", INTROSPECT, data={"token": secret}).json() == {"active": False}
    assert last_used(team, "asked") is None
    answer = team.root("POST", INTROSPECT, data={"token": secret})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["active"] is True
    assert last_used(team, "asked") is not None
