"""Replays the exchanges of an Unleash server against a live Jeton.

`python -m tests.contract.unleash_replay` does so and writes docs/unleash-compatibility.md anew.
"""

import http.client
import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx

from tests.contract import unleash_document
from tests.contract.unleash_corpus import CORPUS, EXCHANGES, Answer, Exchange, Replayed
from tests.live import ROOT_TOKEN, Server

COLLECTION = "/api/admin/projects/{project}/api-tokens"


def replay(server: Server) -> Iterator[Replayed]:
    """Each exchange in its order with our answer; the server has `projects` and no tokens yet."""
    names = {"{root}": ROOT_TOKEN, **_minted(server)}
    for exchange in EXCHANGES:
        yield Replayed(exchange, _ask(server, exchange, names))


def prepare(server: Server) -> None:
    """Make the projects of the exchanges, in a database that need not exist yet."""
    creations = [("project", "create", project) for project in CORPUS["projects"]]
    for command in [("migrate",), *creations]:
        done = server.jeton(*command)
        assert done.returncode == 0, done.stderr


def _minted(server: Server) -> dict[str, str]:
    """The secrets of new tokens by the names that stand for them."""
    secrets = {}
    for name, told in CORPUS["minted"].items():
        made = httpx.post(
            server.url + COLLECTION.format(project=told["project"]),
            headers={"Authorization": ROOT_TOKEN},
            json={"tokenName": name, "type": told["type"], "environment": "development"},
            timeout=30,
            verify=False,
        )
        assert made.status_code == 201, made.text
        secrets[f"{{{name}}}"] = made.json()["secret"]
    return secrets


def _ask(server: Server, exchange: Exchange, names: dict[str, str]) -> Answer:
    """Our answer. `http.client` sends the path and the headers as they are, httpx would not."""
    names = {**names, "{long}": "a" * exchange.length}
    in_path = {name: quote(value, safe="") for name, value in names.items()}
    body = _filled(exchange.sent or "", names).encode()
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.putrequest(exchange.method, _filled(exchange.path, in_path))
        for header, value in exchange.headers.items():
            connection.putheader(header, _filled(value, names))
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        return _answer(connection.getresponse())


def _filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(name, value)
    return text


def _answer(response: http.client.HTTPResponse) -> Answer:
    content = response.read()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, json.loads(content) if content else None)


def main() -> None:
    """Replay against a server of our own and write the document."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        prepare(server)
        server.start()
        try:
            unleash_document.write(list(replay(server)))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
