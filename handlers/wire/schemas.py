"""Schemas of the contract, compiled by jsonschema-rs, and the words for what breaks them."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import jsonschema_rs

from handlers.wire.contract import contract
from handlers.wire.refusals import ValidationFailed
from handlers.wire.subschemas import null_as_type, rewritten

INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def instant(text: str) -> datetime.datetime:
    """An instant from a date-time of RFC 3339; raises ValueError. Finer than 1 us is cut off."""
    found = INSTANT.fullmatch(text)
    if not found:
        raise ValueError("not a date-time of RFC 3339")
    date, time, fraction, offset = found.groups()
    fraction = (fraction or "")[:7]
    zone = "+00:00" if offset in "Zz" else offset
    moment = datetime.datetime.fromisoformat(
        f"{date}T{time}{fraction.ljust(7, '0') if fraction else ''}{zone}"
    )
    return moment.astimezone(datetime.UTC)


class Schema:
    """One compiled schema. Instants are read as ours are, or, in `answers`, by jsonschema-rs."""

    def __init__(self, schema: dict[str, Any], *, answers: bool = False) -> None:
        self.source = schema
        self._tree = draft4(schema)
        formats = {} if answers else {"date-time": _is_instant}
        self._validator = jsonschema_rs.Draft4Validator(
            self._tree, validate_formats=True, formats=formats
        )
        self._defaults = {
            name: part["default"]
            for name, part in self._tree.get("properties", {}).items()
            if "default" in part
        }

    def fill_defaults(self, value: Any) -> None:
        """Give the properties that an object lacks their defaults."""
        if isinstance(value, dict):
            for name, default in self._defaults.items():
                value.setdefault(name, default)

    def check(self, value: Any, pointer: str, name: str) -> None:
        """Raise ValidationFailed where the value breaks the schema, in words for the caller."""
        if self._validator.is_valid(value):
            return
        error = next(iter(self._validator.iter_errors(value)))
        where = "".join(f"/{part}" for part in error.instance_path)
        raise ValidationFailed(self._words(error, name)[:500], path=(pointer + where)[:500])

    def fault(self, value: Any) -> str | None:
        """Where the value breaks the schema, without the value; None where it does not."""
        if self._validator.is_valid(value):
            return None
        error = next(iter(self._validator.iter_errors(value)))
        return f"{'/'.join(map(str, error.instance_path))}: {error.schema_path[-1]}"

    def _words(self, error: Any, name: str) -> str:
        keyword = error.schema_path[-1]
        part: Any = self._tree
        for step in error.schema_path[:-1]:
            part = part[step]
        title = part.get("title", name)
        if keyword == "required":
            return f"The property {error.kind.property} is required."
        return f"{title} {_RULES.get(keyword, _any_rule)(part)}"


def draft4(schema: Any) -> Any:
    """The JSON Schema (draft 4) of an OpenAPI 3.0 schema, without what does not validate."""
    return rewritten(schema, _draft4)


def compiled(schema: dict[str, Any], *, answers: bool = False) -> Schema:
    """The compiled schema; Connexion hands out the same object each time."""
    key = id(schema), answers
    known = _COMPILED.get(key)
    if known is None or known.source is not schema:
        known = _COMPILED[key] = Schema(schema, answers=answers)
    return known


def named(name: str) -> Schema:
    """The compiled schema of that name among the components of the contract."""
    return compiled(contract.document["components"]["schemas"][name])


def _draft4(schema: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in schema.items() if key not in ("components", "example")}
    return null_as_type(kept)


def _is_instant(text: str) -> bool:
    try:
        instant(text)
    except (ValueError, OverflowError):
        return False
    return True


def _length(part: dict[str, Any]) -> str:
    if "minLength" in part and "maxLength" in part:
        return f"must be between {part['minLength']} and {part['maxLength']} characters"
    return _any_rule(part)


def _any_rule(part: dict[str, Any]) -> str:
    return "breaks the contract"


_COMPILED: dict[tuple[int, bool], Schema] = {}
_RULES: dict[str, Callable[[dict[str, Any]], str]] = {
    "minLength": _length,
    "maxLength": _length,
    "pattern": lambda part: f"must match {part['pattern']}",
    "enum": lambda part: f"must be one of {', '.join(map(str, part['enum']))}",
    "type": lambda part: f"must be of the type {part['type']}",
    "format": lambda part: (
        f"must be a {part['format']}, as in 2027-01-31T12:00:00Z"
        if part["format"] == "date-time"
        else f"must be a {part['format']}"
    ),
    "minimum": lambda part: f"must be at least {part['minimum']}",
    "maximum": lambda part: f"must be at most {part['maximum']}",
    "maxItems": lambda part: f"must have at most {part['maxItems']} items",
    "uniqueItems": lambda part: "must not have an item twice",
    "additionalProperties": lambda part: "has a property that the contract does not know",
}
