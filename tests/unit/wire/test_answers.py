"""Answers: the value that a text is made of is validated as the text would be."""

import datetime
import uuid
from typing import Any

import orjson
import pytest
from connexion.exceptions import NonConformingResponseBody
from hypothesis import given
from hypothesis import strategies as some

from handlers.wire.answers import Rule
from handlers.wire.bodies import JsonText
from handlers.wire.schemas import Schema

HEADERS = {b"content-type": b"application/json"}
NAMED = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 3, "pattern": "^[a-z]*$"},
        "count": {"type": "integer", "minimum": 0},
        "at": {"type": "string", "format": "date-time", "nullable": True},
        "parts": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    },
    "additionalProperties": False,
}
RULE = Rule({b"application/json": Schema(NAMED, answers=True)}, frozenset())
leaves = some.none() | some.booleans() | some.integers(-3, 3) | some.floats(-1, 1) | some.text("aB")
values = some.recursive(
    leaves,
    lambda inner: some.lists(inner) | some.dictionaries(some.text("ab"), inner),
    max_leaves=5,
)
named = some.fixed_dictionaries(
    {},
    optional={
        "name": some.text("ab", max_size=5) | values,
        "count": some.integers(-1, 2) | values,
        "at": some.sampled_from(["2027-01-31T12:00:00Z", "yesterday"]) | values,
        "parts": some.lists(some.text("ab"), max_size=3) | values,
        "other": values,
    },
)


def passes(body: bytes) -> bool:
    """Whether the rule lets an answer pass."""
    try:
        RULE.check(HEADERS, body)
    except NonConformingResponseBody:
        return False
    return True


@given(values | named)
def test_the_value_is_judged_as_its_text(value: Any) -> None:
    """What is validated without being read again has the verdict that it has when it is read."""
    text = JsonText.of(value)
    assert text == orjson.dumps(value)
    assert passes(text) == passes(bytes(text))


@pytest.mark.parametrize(
    ("value", "good"), [({"name": "abc", "at": None}, True), ({"name": "abcd"}, False), ({}, False)]
)
def test_both_forms_of_an_answer_are_validated(value: Any, good: bool) -> None:
    """Nothing passes for having its value at hand."""
    assert passes(JsonText.of(value)) == passes(orjson.dumps(value)) == good


@pytest.mark.parametrize("odd", [uuid.UUID(int=0), datetime.datetime(2027, 1, 31)])
def test_what_json_writes_in_other_types_is_no_answer(odd: Any) -> None:
    """orjson writes it as a string, but the value is none: rather a crash than a wrong verdict."""
    with pytest.raises(ValueError, match="Unsupported type"):
        RULE.check(HEADERS, JsonText.of({"name": odd}))
