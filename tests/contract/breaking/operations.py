"""Operations: their names, parameters, bodies and answers."""

from collections.abc import Iterator
from typing import Any

from tests.contract.breaking.documents import Node
from tests.contract.breaking.schemas import schema_breaks
from tests.contract.breaking.words import changed, unruled

Broken = Iterator[tuple[str, str]]
NAMES = ("operationId", "tags")
RULED = {*NAMES, "parameters", "requestBody", "responses", "security"}
FIRST_ERROR = 400


def operation_breaks(place: str, old: Node, new: Node) -> Broken:
    """What breaks callers of an operation, each with its place."""
    for word in NAMES:
        if old.get(word) != new.get(word):
            yield place, changed(word, "the operation", old, new)
    for what in unruled(old, new, "the operation", RULED):
        yield place, what
    for what in _parameters(old["parameters"], new["parameters"]):
        yield place, what
    for what in _request(old.get("requestBody"), new.get("requestBody")):
        yield f"{place} request", what
    yield from _answers(place, old["responses"], new["responses"])


def _parameters(old: dict[Any, Node], new: dict[Any, Node]) -> Iterator[str]:
    for key in sorted(old.keys() - new.keys()):
        yield f"the {key[0]} parameter `{key[1]}` was removed"
    for key in sorted(new.keys() - old.keys()):
        if new[key].get("required"):
            yield f"the {key[0]} parameter `{key[1]}` is new and required"
    for key in sorted(old.keys() & new.keys()):
        yield from _parameter(key[1], old[key], new[key])


def _parameter(name: str, old: Node, new: Node) -> Iterator[str]:
    if new.get("required") and not old.get("required"):
        yield f"the parameter `{name}` is now required"
    yield from unruled(old, new, f"`{name}`", {"required", "schema"})
    yield from schema_breaks(old.get("schema", {}), new.get("schema", {}), name, sent=True)


def _request(old: Node | None, new: Node | None) -> Iterator[str]:
    if old is None:
        if new and new.get("required"):
            yield "a body is now required"
    elif new is None:
        yield "the body was removed"
    else:
        if new.get("required") and not old.get("required"):
            yield "the body is now required"
        yield from _media(old, new, sent=True)


def _answers(place: str, old: Node, new: Node) -> Broken:
    for status in sorted(old.keys() - new.keys()):
        yield f"{place} {status}", "the status was removed"
    for status in sorted(new.keys() - old.keys()):
        # RFC 9110, section 15: a client takes an unknown error for the x00 of its class.
        if not status.isdecimal() or int(status) < FIRST_ERROR:
            yield f"{place} {status}", "the status is new, and no error"
    for status in sorted(old.keys() & new.keys()):
        for what in _answer(old[status], new[status]):
            yield f"{place} {status}", what


def _answer(old: Node, new: Node) -> Iterator[str]:
    yield from unruled(old, new, "the answer", {"headers", "content", "links"})
    yield from _media(old, new, sent=False)
    after = new.get("headers", {})
    for name, header in old.get("headers", {}).items():
        if name not in after:
            yield f"the header `{name}` was removed"
        else:
            yield from _header(name, header, after[name])


def _header(name: str, old: Node, new: Node) -> Iterator[str]:
    if old.get("required") and not new.get("required"):
        yield f"the header `{name}` is no longer required"
    yield from unruled(old, new, f"`{name}`", {"required", "schema"})
    yield from schema_breaks(old.get("schema", {}), new.get("schema", {}), name, sent=False)


def _media(old: Node, new: Node, *, sent: bool) -> Iterator[str]:
    after = new.get("content", {})
    for media_type, told in old.get("content", {}).items():
        if media_type not in after:
            yield f"the media type `{media_type}` was removed"
            continue
        new_one = after[media_type]
        yield from unruled(told, new_one, f"`{media_type}`", {"schema"})
        yield from schema_breaks(told.get("schema", {}), new_one.get("schema", {}), "", sent=sent)
