"""Raw requests: each row of what the Python stack does to the unwary, and that it is cured."""

import pytest

from tests.actors import ADMIN, SHARE, TOKENS, Caller
from tests.live import ROOT_TOKEN, Server
from tests.raw import Answer, request, send

JSON = "Content-Type: application/json"
PROJECT = b'{"id":"%s"}'

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


# (name, headers, body, status): POST /v1/projects as root
BODIES: list[tuple[str, list[str], bytes, int]] = [
    ("no content type", [], b'{"id":"x"}', 415),
    ("no content type and no body", [], b"", 415),
    ("another media type", ["Content-Type: text/plain"], b"{}", 415),
    ("utf-16", ["Content-Type: application/json; charset=utf-16"], b"{}", 415),
    ("a bogus charset", ["Content-Type: application/json; charset=klingon"], b"{}", 415),
    ("compressed", [JSON, "Content-Encoding: gzip"], b"\x1f\x8b", 415),
    ("not UTF-8", [JSON], b'{"id":"\xff"}', 400),
    ("deep nesting", [JSON], b"[" * 30000, 400),
    ("deep objects", [JSON], b'{"a":' * 9000 + b"1" + b"}" * 9000, 400),
    ("5,000 digits", [JSON], b'{"id":' + b"9" * 5000 + b"}", 400),
    ("a lone surrogate", [JSON], b'{"id":"my-project-1","name":"\\ud800abc"}', 400),
    ("NaN", [JSON], b'{"id":NaN}', 400),
    ("a name twice", [JSON], b'{"id":"my-project-1","id":"my-project-2"}', 400),
    ("two documents", [JSON], b"{}{}", 400),
    ("a byte-order mark", [JSON], b'\xef\xbb\xbf{"id":"my-project-1"}', 400),
    ("nothing", [JSON], b"", 400),
    ("null", [JSON], b"null", 400),
    ("a list", [JSON], b"[]", 400),
    ("too large", [JSON], b'{"id":"' + b"a" * 70000 + b'"}', 413),
    ("an unknown property", [JSON], b'{"id":"my-project-1","more":1}', 400),
    ("an id with a newline", [JSON], b'{"id":"my-project-1\\n"}', 400),
    ("a name with NUL", [JSON], b'{"id":"my-project-1","name":"a\\u0000bc"}', 400),
    ("a number for text", [JSON], b'{"id":12345678}', 400),
    ("a number past 64 bits", [JSON], b'{"id":1e999}', 400),
]


@pytest.mark.parametrize(("name", "headers", "body", "status"), BODIES, ids=[r[0] for r in BODIES])
def test_odd_bodies_are_refused(
    server: Server, name: str, headers: list[str], body: bytes, status: int
) -> None:
    """Odd bodies are refused in our words; nothing of the body comes back."""
    sent = request("POST", "/v1/projects", *headers, body=body, token=ROOT_TOKEN)
    answer = send(server, sent)
    assert answer.status == status, answer
    assert answer.json()["status"] == status
    assert len(answer.body) < 600
    assert b"aaaa" not in answer.body
    assert b"9999" not in answer.body


def test_an_escaped_percent_sign_is_a_character(root: Caller, project: str) -> None:
    """`%25` stands for a percent sign, which may be followed by anything."""
    path = ADMIN.item.format(project=project, token="50%25x")
    assert ADMIN.error(root("GET", path)) == (404, "NotFoundError")


def _created(server: Server, *headers: str, chunked: bool = False) -> Answer:
    from tests.live import new_project_id

    body = b'{"id":"%s"}' % new_project_id().encode()
    if chunked:
        pieces = [body[:5], body[5:]]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    sent = request("POST", "/v1/projects", *headers, body=body, token=ROOT_TOKEN, sized=not chunked)
    return send(server, sent)


def test_media_types_compare_in_any_case(server: Server) -> None:
    """`Application/JSON; Charset=UTF-8` is JSON."""
    assert _created(server, "Content-Type: Application/JSON; Charset=UTF-8").status == 201


def test_a_chunked_body_is_read(server: Server) -> None:
    """A body in chunks is a body."""
    assert _created(server, JSON, "Transfer-Encoding: chunked", chunked=True).status == 201


def test_a_chunked_body_is_counted(server: Server) -> None:
    """A body in chunks cannot outgrow the limit."""
    chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    sent = request(
        "POST",
        "/v1/projects",
        JSON,
        "Transfer-Encoding: chunked",
        body=chunk * 2 + b"0\r\n\r\n",
        token=ROOT_TOKEN,
        sized=False,
    )
    assert send(server, sent).status == 413


def test_a_body_may_grow_when_it_is_read(root: Caller, project: str) -> None:
    """Numbers that are longer when written out in full do not break a body of less than 64 kB."""
    numbers = ",".join(["9e15"] * 12_900)
    body = f'{{"type":"client","tokenName":"grown","more":[{numbers}]}}'
    assert 60_000 < len(body) < 65_536
    path = ADMIN.collection.format(project=project)
    headers = {"Content-Type": "application/json"}
    assert root("POST", path, content=body, headers=headers).status_code == 201


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


SMUGGLED = [
    ("length and chunks", ["Content-Length: 5", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
    ("two lengths", ["Content-Length: 5", "Content-Length: 6"], b"aaaaaa"),
    ("a negative length", ["Content-Length: -1"], b""),
    ("a length with a plus", ["Content-Length: +5"], b"aaaaa"),
    ("a blank before the colon", ["Content-Length : 5"], b"aaaaa"),
    ("an unknown coding", ["Transfer-Encoding: xchunked"], b"0\r\n\r\n"),
    ("a folded header", ["X-A: b\r\n c"], b""),
    ("NUL in a header", ["X-A: b\x00c"], b""),
    ("two credentials", [f"Authorization: Bearer {ROOT_TOKEN}"], b""),
    ("two content types", [JSON, JSON], b""),
    ("two hosts", ["Host: other.test"], b""),
]


@pytest.mark.parametrize(("name", "headers", "body"), SMUGGLED, ids=[row[0] for row in SMUGGLED])
def test_ambiguous_requests_are_refused(
    server: Server, name: str, headers: list[str], body: bytes
) -> None:
    """A request that two servers could read in two ways is refused."""
    sent = request("GET", "/v1/projects", *headers, body=body, token=ROOT_TOKEN, sized=False)
    assert send(server, sent).status in (400, 501), name


@pytest.mark.parametrize(
    ("target", "status"), [("/v1/projects?cursor=" + "a" * 9000, 414), ("/v1/projects", 431)]
)
def test_long_heads_are_refused(server: Server, target: str, status: int) -> None:
    """Long targets are 414 and long headers 431."""
    extra = ["X-Long: " + "a" * 20000] if status == 431 else []
    assert send(server, request("GET", target, *extra, token=ROOT_TOKEN)).status == status


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
