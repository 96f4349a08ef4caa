"""A probe: bytes that no HTTP client would send, and the one answer that they must have."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.live import ROOT_TOKEN
from tests.raw import request

SERVER = "server"  # gunicorn answers by itself, in plain text, and closes the connection
CREDENTIAL = f"Authorization: Bearer {ROOT_TOKEN}\r\n".encode()
CLOSE = b"Connection: close\r\n"
JSON = "Content-Type: application/json"
NOWHERE = "no-such-project"


@dataclass(frozen=True)
class Expected:
    """The status for root, and the code in the dialect that answers.

    No code: the answer is no error, or has no body. `stranger` is the status without the
    credential where it is another one. `closes`: the connection ends after the answer.
    """

    status: int
    code: str = ""
    dialect: str = "share"
    stranger: int | None = None
    closes: bool = False


@dataclass(frozen=True)
class Probe:
    """What is sent as root on a connection that may go on, and what must come back."""

    name: str
    sent: bytes
    expected: Expected

    @property
    def of_stranger(self) -> bytes:
        """The same bytes without the credential."""
        return self.sent.replace(CREDENTIAL, b"")

    @property
    def closes(self) -> bool:
        """Whether nothing is answered after it."""
        return self.expected.closes or self.expected.dialect == SERVER


def probes(expected: Expected, rows: Mapping[str, bytes]) -> list[Probe]:
    """Probes that must all be answered alike, by their names."""
    return [Probe(name, sent.replace(CLOSE, b"", 1), expected) for name, sent in rows.items()]


def get(target: str | bytes, *headers: str) -> bytes:
    """GET as root."""
    return request("GET", target, *headers, token=ROOT_TOKEN)


def post(target: str, body: bytes, *headers: str) -> bytes:
    """POST as root, of JSON where no header says otherwise."""
    return request("POST", target, *(headers or (JSON,)), body=body, token=ROOT_TOKEN)
