"""The edge, met with anything that a path or a media type can be."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handlers.wire.edge import Edge
from handlers.wire.refusals import BadRequest, NotFound, UnsupportedMediaType

HOST = (b"host", b"jeton.test")
PARTS = [
    "/",
    "//",
    "%2F",
    "%2f",
    "..",
    ".",
    "%2e",
    "%",
    "%0A",
    "%00",
    "\\",
    "v1",
    "a b",
    "é",
    "%ff",
]


def passed(
    path: str, headers: list[tuple[bytes, bytes]], version: str = "1.1"
) -> dict[str, Any] | None:
    """The scope that got through, None where the edge refused."""
    seen: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    async def nothing(*_: Any) -> Any:
        raise AssertionError("nobody reads or answers here")

    scope = {
        "type": "http",
        "http_version": version,
        "raw_path": path.encode(),
        "path": path,
        "headers": headers,
    }
    try:
        asyncio.run(Edge(inner)(scope, nothing, nothing))
    except (BadRequest, NotFound, UnsupportedMediaType):
        return None
    return seen[0]


@given(some.lists(some.sampled_from(PARTS), max_size=8))
def test_what_passes_is_a_plain_path(parts: list[str]) -> None:
    """Nothing that passes has an empty, a dotted or a hidden segment, or a control character."""
    path = "/" + "".join(parts)
    scope = passed(path, [HOST])
    if scope is None:
        return
    raw = scope["raw_path"].decode().lower()
    segments = raw.split("/")[1:]
    assert raw == "/" or "" not in segments
    assert not {".", "..", "%2e", "%2e%2e", ".%2e", "%2e."} & set(segments)
    assert not any(hidden in raw for hidden in ("%2f", "%00", "%0a", "%ff", "\\"))


@given(some.text(some.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40))
def test_media_types_are_made_plain(sent: str) -> None:
    """What passes has its media type in lower case and without parameters."""
    scope = passed("/v1/projects", [HOST, (b"content-type", sent.encode())])
    if scope is not None:
        (value,) = [value for name, value in scope["headers"] if name == b"content-type"]
        assert value == value.lower()
        assert b";" not in value


@pytest.mark.parametrize(
    ("version", "hosts", "passes"),
    [
        ("1.1", [b"jeton.test:8080"], True),
        ("1.1", [b"[::1]"], True),
        ("1.1", [b""], True),
        ("1.0", [], True),
        ("1.1", [], False),
        ("1.1", [b"a", b"a"], False),
        *(("1.1", [host], False) for host in (b"a b", b"a/b", b"a@b", b"\xe9")),
    ],
)
def test_a_request_names_one_host(version: str, hosts: list[bytes], passes: bool) -> None:
    """Since HTTP/1.1 there is exactly one Host, and it has the letters of one."""
    sent = [(b"host", host) for host in hosts]
    assert (passed("/v1/projects", sent, version) is not None) == passes


@pytest.mark.parametrize("other", [b"utf-16", b'"utf-16"', b"latin1"])
def test_one_other_charset_among_many_is_refused(other: bytes) -> None:
    """A body that one reader takes for UTF-8 and the next one for something else is not read."""
    sent = b"application/json; charset=utf-8; charset=" + other
    assert passed("/v1/projects", [HOST, (b"content-type", sent)]) is None
