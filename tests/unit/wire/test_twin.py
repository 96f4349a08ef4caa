"""The twin in OpenAPI 3.1: what the move changes, and what it leaves alone."""

import copy

import pytest

from handlers.wire.contract import contract
from handlers.wire.twin import draft2020, twin


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
        ({"example": None}, {"examples": [None]}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 9, "exclusiveMaximum": True}, {"exclusiveMaximum": 9}),
        ({"maximum": 9, "exclusiveMaximum": False}, {"maximum": 9}),
        ({"$ref": "#/a", "nullable": True, "title": "A"}, {"$ref": "#/a"}),
        ({"type": "string", "format": "uuid"}, {"type": "string", "format": "uuid"}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
    ],
)
def test_keywords_of_3_0_become_those_of_json_schema(before: object, after: object) -> None:
    """`nullable`, `example`, flags beside bounds and words beside references are reworded."""
    assert draft2020(before) == after


@pytest.mark.parametrize("keyword", ["items", "additionalProperties", "not"])
def test_a_schema_within_a_schema_is_moved_too(keyword: str) -> None:
    """Keywords that hold a schema are followed."""
    assert draft2020({keyword: {"example": 1}}) == {keyword: {"examples": [1]}}


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_schemas_in_a_list_are_moved_too(keyword: str) -> None:
    """Keywords that hold schemas are followed."""
    assert draft2020({keyword: [{"example": 1}]}) == {keyword: [{"examples": [1]}]}


def test_names_and_values_that_look_like_keywords_are_left_alone() -> None:
    """A property may be called `example` or `nullable`, and a value may hold such keys."""
    properties = {"example": {"type": "string"}, "nullable": {"type": "boolean"}}
    value = {"nullable": True, "schema": {"example": 1}}
    assert draft2020({"properties": properties}) == {"properties": properties}
    assert draft2020({"default": value, "enum": [value]}) == {"default": value, "enum": [value]}
    media = {"content": {"a/b": {"examples": {"one": {"value": value}}, "example": value}}}
    assert twin(media)["content"] == media["content"]


def test_the_twin_says_its_version_and_keeps_the_rest() -> None:
    """Paths, tables and their order stay; the contract itself is not touched."""
    before = copy.deepcopy(contract.document)
    moved = twin(contract.document)
    assert contract.document == before
    assert (before["openapi"], moved["openapi"]) == ("3.0.3", "3.1.0")
    assert [key for key in moved if key != "jsonSchemaDialect"] == list(before)
    assert list(moved["paths"]) == list(before["paths"])
    for key in ("info", "servers", "tags", "security", "x-faults", "x-roles", "x-dialects"):
        assert moved[key] == before[key]
