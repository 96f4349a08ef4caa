"""Raw requests: each row of what the Python stack does to the unwary, and that it is cured."""

import pytest

from tests.actors import ADMIN, SHARE, TOKENS, Caller
from tests.live import ROOT_TOKEN, Server
from tests.raw import request, send

# (name, target, status): as root; what no path may contain is refused in a JSON body
PATHS = [
    ("two slashes", "//v1/projects", 404),
    ("two slashes inside", "/v1//projects", 404),
    ("a newline", "/v1/projects%0A", 400),
    ("a newline inside", "/v1/pro%0Ajects", 400),
    ("NUL", "/v1/projects/%00", 400),
    ("an encoded slash", "/v1%2Fprojects", 404),
    ("an encoded slash, lower case", "/v1%2fprojects", 404),
    ("a trailing slash", "/v1/projects/", 404),
    ("a dot segment", "/v1/./projects", 404),
    ("two dots", "/v1/x/../projects", 404),
    ("encoded dots", "/v1/x/%2e%2e/projects", 404),
    ("a backslash", "/v1\\projects", 400),
    ("an encoded backslash", "/v1%5Cprojects", 400),
    ("half a percent sign", "/v1/projects/%4", 400),
    ("not UTF-8", "/v1/projects/%ff", 400),
    ("an overlong slash", "/v1%c0%afprojects", 400),
    ("another case", "/V1/projects", 404),
    ("nothing there", "/nope", 404),
    ("an unknown query parameter", "/v1/projects?nope=1", 400),
    ("a parameter twice", "/v1/projects?limit=1&limit=2", 400),
    ("a blank before a number", "/v1/projects?limit=%201", 400),
    ("an underscore in a number", "/v1/projects?limit=1_0", 400),
    ("Arabic digits", "/v1/projects?limit=%D9%A1", 400),
    ("a number out of range", "/v1/projects?limit=101", 400),
    ("a token in the query", "/v1/projects?access_token=x", 400),
    ("a query that is not UTF-8", "/v1/projects?limit=%ff", 400),
    ("an id with a newline", "/v1/projects/my-project-a1b2c%0A", 400),
    ("an upper-case id", "/v1/projects/My-Project-A1B2C", 400),
    ("a short id", "/v1/projects/short", 400),
]


@pytest.mark.parametrize(("name", "target", "status"), PATHS, ids=[row[0] for row in PATHS])
def test_odd_targets_are_refused(server: Server, name: str, target: str, status: int) -> None:
    """What no operation could mean is 400 or 404 in JSON, though root asks."""
    answer = send(server, request("GET", target, token=ROOT_TOKEN))
    assert answer.status == status, answer
    assert answer.json()["status"] == status


@pytest.mark.parametrize("target", [row[1] for row in PATHS if row[2] in (400, 404)])
def test_odd_targets_open_nothing_to_a_stranger(server: Server, target: str) -> None:
    """Without a credential no odd target gets past 400, 401 or 404."""
    assert send(server, request("GET", target)).status in (400, 401, 404)


@pytest.mark.parametrize(("target", "status"), [("/v1/projects", 200), ("/docs", 200), ("/x", 404)])
def test_the_absolute_form_is_understood(server: Server, target: str, status: int) -> None:
    """`GET http://host/path` means `GET /path` (RFC 9112)."""
    sent = request("GET", f"http://jeton.test{target}", token=ROOT_TOKEN)
    assert send(server, sent).status == status


@pytest.mark.parametrize("target", ["/docs", "/openapi.json", "/nowhere"])
def test_head_has_no_body_anywhere(server: Server, target: str) -> None:
    """Documents and errors too answer HEAD with headers alone."""
    seen, head = (send(server, request(verb, target)) for verb in ("GET", "HEAD"))
    assert (head.status, head.body) == (seen.status, b"")
    assert head.headers["content-length"] == seen.headers["content-length"]


def test_documents_are_sent_again_only_when_they_changed(stranger: Caller) -> None:
    """A known entity tag is answered with 304, alone, in a list or weak (RFC 9110)."""
    tag = stranger("GET", "/openapi.yaml").headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = stranger("GET", "/openapi.yaml", headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    assert stranger("GET", "/docs", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_secret_where_an_id_belongs_is_not_logged(
    server: Server, root: Caller, project: str
) -> None:
    """A project token or a share token that stands in the wrong place in a path is redacted."""
    secret = TOKENS.mint(root, project).json()["token"]
    share = SHARE.mint(root, project).json()["token"]
    for lost in (secret, share):
        root("DELETE", f"/api/projects/{project}/tokens/{lost}")
        root("GET", f"/api/projects/{lost}/tokens")
        root("GET", f"/v1/projects/{lost}")
        root("GET", f"/nowhere/{lost}/")
    assert secret not in server.log()
    assert share not in server.log()


def test_405_lists_every_method_of_the_path(server: Server) -> None:
    """`Allow` has all methods of the path, not those of one route."""
    path = "/v1/projects/my-project-a1b2c/public-share-token"
    answer = send(server, request("PUT", path, token=ROOT_TOKEN))
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, POST, DELETE"
    assert answer.json() == {
        "status": 405,
        "code": "bad_request",
        "message": "This path does not take that method.",
    }


def test_head_answers_like_get_without_a_body(server: Server, root: Caller, project: str) -> None:
    """HEAD has the status and the length of GET, and no body."""
    path = f"/v1/projects/{project}"
    seen = root("GET", path)
    answer = send(server, request("HEAD", path, token=ROOT_TOKEN))
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(seen.content))


@pytest.mark.parametrize("sent", ["client\n", "client ", "admin", "ＣＬＩＥＮＴ", "", 5, None])
def test_patterns_end_where_they_end(root: Caller, project: str, sent: object) -> None:
    """A type with a trailing newline is not a type."""
    assert ADMIN.mint(root, project, type=sent).status_code == 400


@pytest.mark.parametrize(
    "sent",
    [
        "2099-01-02",
        "tomorrow",
        "2099-13-01T00:00:00Z",
        "2099-01-02T03:04:05",
        "2099-01-02T24:00:00Z",
        "2099-02-30T00:00:00Z",
        "2001-01-01T00:00:00Z",
        "2199-01-01T00:00:00Z",
        "9999-12-31T23:59:60Z",
    ],
)
def test_dates_are_instants_with_an_offset(root: Caller, project: str, sent: str) -> None:
    """What is no RFC 3339 instant between now and a century ahead is 400."""
    refused = ADMIN.mint(root, project, expiresAt=sent)
    assert ADMIN.error(refused) == (400, "BadDataError"), refused.text


def test_body_defaults_are_filled_in(root: Caller, project: str) -> None:
    """A token without an environment is minted for `default`."""
    assert ADMIN.mint(root, project).json()["environment"] == "default"


def test_the_contract_is_served_as_written(stranger: Caller) -> None:
    """/openapi.yaml is the file itself and /openapi.json its JSON."""
    from handlers.wire.contract import FILE, contract

    assert stranger("GET", "/openapi.yaml").text == FILE.read_text()
    assert stranger("GET", "/openapi.json").json() == contract.document


def test_the_documentation_needs_no_other_host(stranger: Caller) -> None:
    """/docs and all it loads come from this server."""
    page = stranger("GET", "/docs")
    assert page.status_code == 200
    assert "http" not in page.text
    for path in ("/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js"):
        assert path in page.text
        assert stranger("GET", path).status_code == 200


@pytest.mark.parametrize("head", ["Upgrade: websocket\r\nConnection: Upgrade", "Upgrade: h2c"])
def test_upgrades_lead_nowhere(server: Server, head: str) -> None:
    """A request to change the protocol is refused or ignored, never let in."""
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13"
    answer = send(server, request("GET", "/v1/projects", head, key))
    assert answer.status in (400, 401, 403, 404)
