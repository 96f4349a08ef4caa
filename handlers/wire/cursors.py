"""Cursors: where a page ends, opaque to callers, and the `Link` to the next page (RFC 8288)."""

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

import orjson

from handlers.wire.refusals import ValidationFailed

GREATEST = 2**63 - 1  # of what a column holds


def cursor(*place: str | int) -> str:
    """The cursor of a place."""
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def place(cursor: str, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    """The place that a cursor of ours names; raises ValidationFailed for any other."""
    try:
        found = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        found = None
    if not isinstance(found, list) or not _fits(found, kinds):
        raise ValidationFailed("The cursor is not one of ours.", path="/query/cursor")
    return tuple(found)


def link_to_next(path: str, **query: Any) -> dict[str, str]:
    """The header that leads to the next page."""
    asked = {name: value for name, value in query.items() if value is not None}
    return {"Link": f'<{path}?{urlencode(asked)}>; rel="next"'}


def camel(asked: dict[str, Any]) -> dict[str, Any]:
    """Parameters by their names in the contract; handlers are given them in snake_case."""
    words = {name: name.split("_") for name in asked}
    return {
        first + "".join(word.title() for word in rest): asked[name]
        for name, (first, *rest) in words.items()
    }


def _fits(found: list[Any], kinds: tuple[type, ...]) -> bool:
    text = [part for part in found if isinstance(part, str)]
    return (
        len(found) == len(kinds)
        and all(type(part) is kind for part, kind in zip(found, kinds, strict=True))
        and all(part.isprintable() for part in text)
        and all(abs(part) <= GREATEST for part in found if isinstance(part, int))
    )
