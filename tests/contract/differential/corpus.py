"""The corpus: the contract's examples, our probes, and what Schemathesis sent when it was recorded.

HEAD is left out, for its answers have no body that tells the verdict.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from handlers.wire.contract import contract
from tests.contract.differential.recording import recorded
from tests.contract.probes.probe import CLOSE
from tests.contract.probes.test_probes import PROBES
from tests.live import ROOT_TOKEN
from tests.raw import request

# Root would end itself, and all that follows would be refused.
FATAL = "revokeSelf"


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the wire, and where it comes from."""

    source: str
    request: bytes

    @property
    def text(self) -> str:
        """The request as text, for patterns and for people."""
        return self.request.decode("latin-1")


def corpus() -> list[Sent]:
    """Every request once."""
    recording = (Sent("schemathesis", raw) for raw in recorded())
    found = [*_examples(), *_probes(), *recording]
    once = {sent.request: sent for sent in found if not sent.request.startswith(b"HEAD ")}
    return list(once.values())


def _examples() -> Iterator[Sent]:
    parameters = contract.document["components"]["parameters"].values()
    values = {part["name"]: part["example"] for part in parameters if part["in"] == "path"}
    for operation in contract.operations.values():
        if operation.id == FATAL:
            continue
        entry = contract.document["paths"][operation.path][operation.method.lower()]
        target = operation.path.format(**values)
        for body in _bodies(entry):
            for token in (ROOT_TOKEN, "no-token-of-this-server", None):
                yield Sent("example", _as_json(operation.method, target, body, token))


def _bodies(entry: dict[str, Any]) -> list[Any]:
    kinds = entry.get("requestBody", {}).get("content", {}).values()
    return [row["value"] for kind in kinds for row in kind["examples"].values()] or [None]


def _as_json(method: str, target: str, body: Any, token: str | None) -> bytes:
    if body is None:
        return request(method, target, token=token)
    kind = "Content-Type: application/json"
    return request(method, target, kind, body=orjson.dumps(body), token=token)


def _probes() -> Iterator[Sent]:
    """Those with a whole body that gunicorn passes on; the others it refuses for both."""
    for probe in PROBES:
        if not probe.closes:
            for raw in (probe.sent, probe.of_stranger):
                yield Sent(probe.name, raw.replace(b"\r\n", b"\r\n" + CLOSE, 1))
