"""Smuggling: a request that hides in another one, and how many answers there must be.

The outer request is a stranger's; the hidden one would make a project as root.
"""

from collections.abc import Callable

from tests.contract.probes.probe import JSON, post
from tests.raw import request

CHUNKED = "Transfer-Encoding: chunked"
NO_CHUNK = b"0\r\n\r\n"
Smuggler = Callable[[bytes], bytes]


def hidden(project: str) -> bytes:
    """POST as root that makes a project."""
    return post("/v1/projects", b'{"id":"%s"}' % project.encode())


def outer(target: str, *headers: str, before: bytes = b"", method: str = "POST") -> Smuggler:
    """A request with these headers, whose body is something and the hidden request.

    `{length}` in a header stands for the length of that body.
    """

    def smuggle(inner: bytes) -> bytes:
        body = before + inner
        told = [header.format(length=len(body)) for header in headers]
        sent = request(method, target, *told, body=body, sized=False)
        return sent.replace(b"Connection: close\r\n", b"", 1)

    return smuggle


def in_chunk(target: str, *headers: str, before: bytes = b"") -> Smuggler:
    """POST with the hidden request in a chunk."""

    def smuggle(inner: bytes) -> bytes:
        body = before + inner
        chunks = b"%x\r\n%s\r\n" % (len(body), body) + NO_CHUNK
        return outer(target, CHUNKED, *headers)(chunks)

    return smuggle


PROJECTS, SIZED = "/v1/projects", "Content-Length: {length}"

# Framing that two servers could read in two ways: one answer, and the connection ends.
AMBIGUOUS: dict[str, tuple[Smuggler, int]] = {
    "a length before chunks": (outer(PROJECTS, SIZED, CHUNKED, before=NO_CHUNK), 400),
    "chunks before a length": (outer(PROJECTS, CHUNKED, SIZED, before=NO_CHUNK), 400),
    "a short length over a chunk": (in_chunk(PROJECTS, "Content-Length: 4"), 400),
    "two lengths, the first none": (outer(PROJECTS, "Content-Length: 0", SIZED), 400),
    "two lengths, the last none": (outer(PROJECTS, SIZED, "Content-Length: 0"), 400),
    "two codings": (outer(PROJECTS, CHUNKED, "Transfer-Encoding: x", before=NO_CHUNK), 501),
    "a coding that is none": (outer(PROJECTS, SIZED, "Transfer-Encoding: xchunked"), 501),
    "a tab in a coding": (outer(PROJECTS, SIZED, "Transfer-Encoding: chun\tked"), 501),
    "a blank before a colon": (outer(PROJECTS, SIZED, "Transfer-Encoding : chunked"), 400),
    "a folded coding": (outer(PROJECTS, SIZED, "Transfer-Encoding:\r\n chunked"), 400),
    "a field after a bare newline": (outer(PROJECTS, SIZED, "X-A: b\nTransfer-Encoding: x"), 400),
    "the end after bare newlines": (outer(PROJECTS, "X-A: b\n\n"), 400),
    "a newline in an extension": (outer(PROJECTS, CHUNKED, before=b"0;\n\r\n\r\n"), 400),
    "a size of more than 64 bits": (
        outer(PROJECTS, CHUNKED, before=b"1" + b"0" * 16 + b"x\r\n"),
        400,
    ),
    "a length in a trailer": (
        outer(PROJECTS, CHUNKED, before=b"0\r\nContent-Length: 5\r\n\r\n"),
        400,
    ),
}

# Framing that is plain, around a request that is refused or has no use for a body.
PLAIN: dict[str, tuple[Smuggler, int]] = {
    "a body of a stranger": (outer(PROJECTS, JSON, SIZED), 401),
    "a chunk of a stranger": (in_chunk(PROJECTS, JSON), 401),
    "a body without a type": (outer(PROJECTS, SIZED), 401),
    "a compressed body": (outer(PROJECTS, JSON, SIZED, "Content-Encoding: gzip"), 415),
    "a compressed chunk": (in_chunk(PROJECTS, JSON, "Content-Encoding: gzip"), 415),
    "a body of an odd path": (outer("/v1/projects/%00", JSON, SIZED), 400),
    "a chunk of an odd path": (in_chunk("/v1/projects/%00", JSON), 400),
    "a body of nothing": (outer("/nope", JSON, SIZED), 404),
    "a body of GET": (outer("/health/live", SIZED, method="GET"), 200),
    "a body of HEAD": (outer("/health/live", SIZED, method="HEAD"), 200),
    "a body of a document": (outer("/docs", SIZED, method="GET"), 200),
    "a body of a method that is not": (outer(PROJECTS, SIZED, method="BREW"), 405),
    "a body that is expected": (outer(PROJECTS, JSON, SIZED, "Expect: 100-continue"), 401),
    "a body too large": (outer(PROJECTS, JSON, SIZED, before=b"a" * 70000), 413),
    "a chunk too large": (in_chunk(PROJECTS, JSON, before=b"a" * 70000), 413),
}
