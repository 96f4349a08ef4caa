"""A mock that Prism makes of the contract answers every documented request and status."""

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from handlers.wire.contract import FILE, contract
from handlers.wire.schemas import Schema
from tests.actors import HTTP
from tests.contract import node_tools
from tests.contract.test_contract import entries, inlined, resolved
from tests.live import environment, free_port
from tests.samples import FORM

pytestmark = [pytest.mark.node, node_tools.needed]
START_SECONDS = 60
JSON = "application/json"


@dataclass(frozen=True)
class Exchange:
    """A documented request, and the documented response that is asked for."""

    entry: dict[str, Any] = field(repr=False)
    method: str
    target: str
    body: dict[str, Any]
    status: int
    example: str | None

    def send(self, mock: str, **headers: str) -> httpx.Response:
        """The mock's answer to the request."""
        return HTTP.request(self.method, mock + self.target, **self.body, headers=headers)

    @property
    def response(self) -> dict[str, Any]:
        """What the contract says of the response."""
        return resolved(self.entry["responses"][str(self.status)])

    def __str__(self) -> str:
        return f"{self.entry['operationId']} {self.status} {self.example or 'empty'}"


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a mock; it answers 500 where its own answer would break the contract."""
    port, log = free_port(), tmp_path_factory.mktemp("prism") / "log"
    url = f"http://127.0.0.1:{port}"
    command = [node_tools.BIN / "prism", "mock", FILE, "--errors", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment(), stdout=output, stderr=output)
    try:
        wait_until_it_answers(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_it_answers(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait for a mock that has just been started."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/health/live", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the mock did not start:\n{log.read_text()}")


def target(path: str, parameters: list[dict[str, Any]]) -> str:
    """The path and the query that the examples of the parameters make."""
    found = [resolved(parameter) for parameter in parameters]
    values = {
        each["name"]: each.get("example", inlined(each["schema"]).get("example")) for each in found
    }
    query = [f"{each['name']}={values[each['name']]}" for each in found if each["in"] == "query"]
    return path.format(**values) + ("?" + "&".join(query) if query else "")


def requests() -> Iterator[tuple[dict[str, Any], str, str, dict[str, Any]]]:
    """Every documented request: its operation, method, target and body, as HTTP clients take it."""
    for path, method, entry in entries():
        shared = contract.document["paths"][path].get("parameters", [])
        where = target(path, shared + entry.get("parameters", []))
        if "requestBody" not in entry:
            yield entry, method.upper(), where, {}
        for media_type, media in entry.get("requestBody", {}).get("content", {}).items():
            for example in media["examples"].values():
                body = {"data" if media_type == FORM else "json": example["value"]}
                yield entry, method.upper(), where, body


def exchanges() -> list[Exchange]:
    """Every documented request with every example of every documented response."""
    return [
        Exchange(*request, int(status), name)
        for request in requests()
        for status, response in request[0]["responses"].items()
        for name in resolved(response).get("content", {JSON: {"examples": [None]}})[JSON][
            "examples"
        ]
    ]


def first_successes() -> list[Exchange]:
    """Every documented request with the first example of its success."""
    found: dict[str, Exchange] = {}
    for exchange in exchanges():
        if exchange.status < 300:
            asked = f"{exchange.method} {exchange.target} {exchange.body}"
            found.setdefault(asked, exchange)
    return list(found.values())


def check(exchange: Exchange, answer: httpx.Response) -> None:
    """The answer is the documented example, body and headers, and fits its schemas."""
    assert answer.status_code == exchange.status, answer.text
    for name, header in exchange.response.get("headers", {}).items():
        schema = inlined(resolved(header)["schema"])
        sent = answer.headers[name]
        value = int(sent) if schema["type"] == "integer" else sent
        assert Schema(schema).fault(value) is None, (name, sent)
    if exchange.example is None:
        assert answer.content == b""
    else:
        media = exchange.response["content"][JSON]
        assert answer.headers["content-type"] == JSON
        assert answer.json() == media["examples"][exchange.example]["value"]
        assert Schema(inlined(media["schema"])).fault(answer.json()) is None


@pytest.mark.parametrize("exchange", exchanges(), ids=str)
def test_the_mock_answers_as_asked(mock: str, exchange: Exchange) -> None:
    """Asked for a documented response by `Prefer`, the mock sends its example."""
    example = f", example={exchange.example}" if exchange.example else ""
    wish = f"code={exchange.status}{example}"
    check(exchange, exchange.send(mock, Authorization="Bearer x", Prefer=wish))


@pytest.mark.parametrize("exchange", first_successes(), ids=str)
def test_the_mock_answers_a_documented_request_with_success(mock: str, exchange: Exchange) -> None:
    """Asked for nothing in particular, the mock sends the first example of the one success."""
    check(exchange, exchange.send(mock, Authorization="Bearer x"))


@pytest.mark.parametrize("exchange", [e for e in exchanges() if e.status == 401], ids=str)
def test_the_mock_asks_for_a_token(mock: str, exchange: Exchange) -> None:
    """Without a credential the mock answers as the contract documents it."""
    check(exchange, exchange.send(mock))


def test_the_mock_refuses_what_the_contract_refuses(mock: str) -> None:
    """A body that breaks its schema is 400 in the mock, so examples pass for a reason."""
    path, token = f"{mock}/v1/projects", {"Authorization": "Bearer x"}
    for body in ({}, {"id": "My Project"}, {"id": "my-project-a1b2c", "unknown": 1}):
        assert HTTP.request("POST", path, json=body, headers=token).status_code == 400
