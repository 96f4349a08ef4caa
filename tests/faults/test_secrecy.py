"""A secret never appears: not in the log, an event, an error, a `repr` or the database's file."""

import socket
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from handlers.wire.config import load
from models.minting import Minted
from models.secrets import Keyring
from models.token import TokenRecord
from tests.actors import ACTORS, SHARE, Actor, Caller
from tests.faults.processes import rows, running
from tests.live import ROOT_TOKEN, Server

PROJECT = "secret-project"
KEY = urlsafe_b64encode(b"hush-hush-hush-hush-hush-hush-32").decode()
# Where a secret has no business to be, yet people put it.
STRAY_PATHS = [
    "/{}",
    "/v1/{}",
    "/v1/{}/",
    "/api/{}/tokens",
    "/v1/public-shares/{}",
    "/v1/public-shares/{}/",
    "/v1/public-share/{}",
    "//v1/public-shares/{}",
    "/v1/self?token={}",
    "/v1/projects?cursor={}",
    "/v1/projects?{}",
    "/v1/projects/{}",
    "/v1/projects/{}/public-share-token",
    "/api/admin/projects/{}/api-tokens",
    "/api/projects/{}/tokens",
    "/api/projects/secret-project/tokens/{}",
    "/api/admin/projects/secret-project/api-tokens/{}/",
    "/api/admin/projects/secret-project/api-tokens/{}/x",
    "/api/admin/projects/secret-project/api-tokens/%00{}",
]
MALFORMED = [
    "GET /v1/public-shares/{} HTTP/9.9\r\n\r\n",
    "GET /{} \r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nAuthorization : {}\r\n\r\n",
    "POST /v1/projects HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n",
    "POST /v1/projects HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{}\r\n",
]


@dataclass
class Tale:
    """What was told while secrets went in and out: the answers with errors, and the secrets."""

    folder: Path
    secrets: list[str] = field(default_factory=lambda: [ROOT_TOKEN, KEY])
    errors: list[str] = field(default_factory=list)
    log: str = ""

    def hear(self, response: httpx.Response) -> None:
        """Keep an answer that is an error."""
        assert response.status_code >= 400, response.text
        self.errors.append(response.text + repr(response.headers.raw))

    def free_of_secrets(self, text: str) -> None:
        """Fail, with the lines, where the text holds a secret, whole or but for its prefix."""
        needles = [secret[8:] for secret in self.secrets]
        lines = [line for line in text.splitlines() if any(needle in line for needle in needles)]
        assert not lines, "\n".join(sorted(set(lines))[:20])


@pytest.fixture(scope="module")
def tale(tmp_path_factory: pytest.TempPathFactory) -> Tale:
    """A server at its most talkative, through a life of tokens and all kinds of mistakes."""
    told = Tale(tmp_path_factory.mktemp("secrecy"))
    settings = {"JETON_LOG_LEVEL": "debug", "JETON_SECRET_KEYS": KEY, "JETON_WORKERS": "1"}
    with running(Server(told.folder, **settings)) as server:
        root = Caller(server.url, ROOT_TOKEN)
        root("POST", "/v1/projects", json={"id": PROJECT}).raise_for_status()
        for actor in ACTORS:
            live(actor, root, server, told)
        blunder(ROOT_TOKEN, server, told)
    told.log = server.log()
    return told


def live(actor: Actor, root: Caller, server: Server, told: Tale) -> None:
    """Mint, use, look up, misuse and revoke a token."""
    secret = actor.secret(actor.mint(root, PROJECT))
    told.secrets.append(secret)
    holder = Caller(server.url, secret)
    holder("GET", "/v1/self", headers={"X-Request-ID": secret}).raise_for_status()
    told.hear(holder("POST", "/v1/projects", json={"id": "other-project"}))
    blunder(secret, server, told)
    reference = "" if actor is SHARE else find(actor, root, secret)
    path = actor.item.format(project=PROJECT, token=reference)
    # A share token is a UUID, as request ids of others are: only the presented one is known here.
    marked = {"X-Request-ID": ROOT_TOKEN if actor is SHARE else secret}
    root("DELETE", path, headers=marked).raise_for_status()
    told.hear(holder("GET", "/v1/self"))


def find(actor: Actor, root: Caller, secret: str) -> str:
    """What to revoke by: the secret itself where the dialect takes it, the id elsewhere."""
    if actor.dialect == "tokens":
        return str(actor.list(root, PROJECT).json()[0]["id"])
    root("GET", actor.item.format(project=PROJECT, token=secret)).raise_for_status()
    return secret


def blunder(secret: str, server: Server, told: Tale) -> None:
    """Send a secret where it does not belong, with and without a credential."""
    for call in (Caller(server.url), Caller(server.url, ROOT_TOKEN)):
        for path in STRAY_PATHS:
            for method in ("GET", "DELETE"):
                response = call(method, path.format(quote(secret, safe="")))
                if response.status_code >= 400:
                    told.hear(response)
        for body in (f'{{"id": "{secret}!"}}', f'{{"{secret}": 1}}', secret, f"[{secret}"):
            json = {"Content-Type": "application/json"}
            told.hear(call("POST", "/v1/projects", content=body, headers=json))
    told.hear(Caller(server.url, secret + "x")("GET", "/v1/self"))
    told.errors += [raw(server.port, request.format(secret)) for request in MALFORMED]


def raw(port: int, request: str) -> str:
    """What the server answers to bytes that no HTTP client would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request.encode())
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode("latin-1")


def test_the_log_holds_no_secret(tale: Tale) -> None:
    """Even at the level debug no line has a token or a key in it."""
    assert '"operation":"getProjectApiToken"' in tale.log
    tale.free_of_secrets(tale.log)


def test_no_error_holds_a_secret(tale: Tale) -> None:
    """No error repeats what was sent, in its body or its headers."""
    assert len(tale.errors) > 100
    tale.free_of_secrets("\n".join(tale.errors))


def test_no_event_holds_a_secret(tale: Tale) -> None:
    """The table of events has a row for each change and a secret in none."""
    events = rows(tale.folder / "data" / "jeton.db", "SELECT * FROM event")
    assert len(events) >= 2 * len(ACTORS)
    tale.free_of_secrets("\n".join(map(repr, events)))


def test_the_file_of_the_database_holds_no_secret(tale: Tale) -> None:
    """Whoever reads the bytes of the database finds no token in the clear."""
    for file in (tale.folder / "data").iterdir():
        tale.free_of_secrets(file.read_bytes().decode("latin-1"))


def test_no_representation_holds_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a debugger or a traceback prints of settings, keys and tokens tells no secret."""
    monkeypatch.setenv("JETON_ROOT_TOKEN", ROOT_TOKEN)
    monkeypatch.setenv("JETON_SECRET_KEYS", KEY)
    monkeypatch.setenv("JETON_DATABASE_URL", "postgresql://user:hush-password@host/name")
    settings = load()
    keyring = Keyring(settings.keys)
    fields: dict[str, Any] = dict.fromkeys(TokenRecord._fields)
    fields |= {"id": "row", "digest": keyring.digest("x"), "sealed": keyring.seal("x", "row")}
    record = TokenRecord(**fields)
    objects = (settings, keyring, *keyring.keys, record, Minted(record, ROOT_TOKEN))
    shown = " ".join(f"{item!r} {item!s} {item}" for item in objects)
    for secret in (ROOT_TOKEN, KEY, "hush", repr(record.digest), repr(record.sealed)):
        assert secret not in shown
