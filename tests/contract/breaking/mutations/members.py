"""Edits of objects: properties that come, go and are renamed, required or not."""

from typing import Any

from hypothesis import strategies as some

from tests.contract.breaking.mutations.edits import Draw, Edit, Gives, setting
from tests.contract.breaking.mutations.sites import READ, SENT, Fits, sites

NAMES = some.from_regex(r"\Anew[A-Za-z]{1,9}\Z")


def remove(optional: bool) -> Any:
    """Take away a property that is required, or one that is not."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        _forget(parent[key], draw(some.sampled_from(_members(parent[key], optional=optional))))

    return apply


def rename(parent: Any, key: Any, draw: Draw) -> None:
    """Give a property another name; it stays as required as it was."""
    schema = parent[key]
    name, other = draw(some.sampled_from(list(schema["properties"]))), draw(NAMES)
    needed = name in schema.get("required", [])
    member = schema["properties"][name]
    _forget(schema, name)
    schema["properties"][other] = member
    schema["required"] = schema.get("required", []) + [other] * needed


def add(*, required: bool) -> Any:
    """Add a property."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        schema, name = parent[key], draw(NAMES)
        schema["properties"][name] = {"type": "string"}
        schema["required"] = schema.get("required", []) + [name] * required

    return apply


def require(parent: Any, key: Any, draw: Draw) -> None:
    """Make a property required that was not."""
    name = draw(some.sampled_from(_members(parent[key], optional=True)))
    parent[key]["required"] = [*parent[key].get("required", []), name]


def excuse(parent: Any, key: Any, draw: Draw) -> None:
    """Make a required property optional."""
    parent[key]["required"].remove(draw(some.sampled_from(parent[key]["required"])))


def with_members(*, optional: bool) -> Fits:
    """The objects that have properties which are optional, or else required."""
    return lambda schema: bool(_members(schema, optional=optional))


def _members(schema: Any, *, optional: bool) -> list[str]:
    needed = schema.get("required", [])
    return [name for name in schema.get("properties", {}) if (name not in needed) is optional]


def _forget(schema: Any, name: str) -> None:
    del schema["properties"][name]
    schema["required"] = [one for one in schema.get("required", []) if one != name]


def _object(schema: Any) -> bool:
    return "properties" in schema


def _open(schema: Any) -> bool:
    return _object(schema) and "additionalProperties" not in schema


def _closed(schema: Any) -> bool:
    return schema.get("additionalProperties") is False


LESS, MORE, OTHER, SAME = Gives.LESS, Gives.MORE, Gives.OTHER, Gives.SAME
OPTIONAL, NEEDED = with_members(optional=True), with_members(optional=False)
TEXTS = setting("additionalProperties", {"type": "string"})
EDITS = [
    Edit("request: remove an optional property", LESS, sites(*SENT, fits=OPTIONAL), remove(True)),
    Edit("request: remove a required property", OTHER, sites(*SENT, fits=NEEDED), remove(False)),
    Edit("request: rename a property", OTHER, sites(*SENT, fits=_object), rename),
    Edit(
        "request: add an optional property", MORE, sites(*SENT, fits=_object), add(required=False)
    ),
    Edit("request: add a required property", OTHER, sites(*SENT, fits=_object), add(required=True)),
    Edit("request: require a property", LESS, sites(*SENT, fits=OPTIONAL), require),
    Edit("request: excuse a property", MORE, sites(*SENT, fits=NEEDED), excuse),
    Edit("request: close", LESS, sites(*SENT, fits=_open), setting("additionalProperties", False)),
    Edit("request: open", MORE, sites(*SENT, fits=_closed), setting("additionalProperties", True)),
    Edit("request: open to texts", MORE, sites(*SENT, fits=_closed), TEXTS),
    Edit("request: close but for texts", LESS, sites(*SENT, fits=_open), TEXTS),
    Edit("answer: remove an optional property", LESS, sites(*READ, fits=OPTIONAL), remove(True)),
    Edit("answer: remove a required property", LESS, sites(*READ, fits=NEEDED), remove(False)),
    Edit("answer: rename a property", OTHER, sites(*READ, fits=_object), rename),
    Edit("answer: add an optional property", MORE, sites(*READ, fits=_object), add(required=False)),
    Edit("answer: add a required property", MORE, sites(*READ, fits=_object), add(required=True)),
    Edit("answer: require a property", MORE, sites(*READ, fits=OPTIONAL), require),
    Edit("answer: excuse a property", LESS, sites(*READ, fits=NEEDED), excuse),
    Edit("answer: close", SAME, sites(*READ, fits=_open), setting("additionalProperties", False)),
    Edit("answer: promise texts", MORE, sites(*READ, fits=_open), TEXTS),
]
