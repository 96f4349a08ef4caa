"""The twin at /openapi-3.1.json: valid, and of one mind with the contract about every body."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import pytest
from openapi_schema_validator import (
    OAS30Validator,
    OAS31Validator,
    oas30_format_checker,
    oas31_format_checker,
)
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from handlers.wire.contract import contract
from handlers.wire.schemas import draft4
from handlers.wire.twin import VERSION, twin
from tests.actors import Caller
from tests.contract.test_contract import resolved

TWIN = twin(contract.document)
NAMES = sorted(contract.document["components"]["schemas"])
ODD = (None, True, 0, -1, 1.5, 1e300, "", "x", "x" * 2001, "a\n", "2026-02-30T00:00:00Z", [], {})
Verdict = Callable[[Any], bool]
Reading = Callable[[str, dict[str, Any]], tuple[Verdict, Verdict]]


def test_the_twin_is_served(stranger: Caller) -> None:
    """/openapi-3.1.json is the twin, with an entity tag of its own."""
    answer = stranger("GET", "/openapi-3.1.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == TWIN
    tag = answer.headers["etag"]
    assert tag != stranger("GET", "/openapi.json").headers["etag"]
    again = stranger("GET", "/openapi-3.1.json", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_the_twin_is_valid() -> None:
    """openapi-spec-validator takes it for OpenAPI 3.1, and does not take what is not."""
    validate(TWIN, cls=OpenAPIV31SpecValidator)
    unmoved = copy.deepcopy(contract.document) | {"openapi": VERSION}
    unmoved["components"]["schemas"]["Project"]["type"] = "objekt"
    assert list(OpenAPIV31SpecValidator(unmoved).iter_errors())


def as_served(name: str, moved: dict[str, Any]) -> tuple[Verdict, Verdict]:
    """The verdicts of the library that serves: draft 4 on the contract, 2020-12 on the twin."""
    schemas = contract.document["components"]["schemas"]
    drafted = {"components": {"schemas": {key: draft4(value) for key, value in schemas.items()}}}
    return (
        jsonschema_rs.Draft4Validator(rooted(name, drafted), validate_formats=True).is_valid,
        jsonschema_rs.Draft202012Validator(rooted(name, moved), validate_formats=True).is_valid,
    )


def as_others_read(name: str, moved: dict[str, Any]) -> tuple[Verdict, Verdict]:
    """The verdicts of a library that reads OpenAPI 3.0 and 3.1 without our doing."""
    old = OAS30Validator(rooted(name, contract.document), format_checker=oas30_format_checker)
    new = OAS31Validator(rooted(name, moved), format_checker=oas31_format_checker)
    return old.is_valid, new.is_valid


def rooted(name: str, document: dict[str, Any]) -> dict[str, Any]:
    """A schema that can find all others."""
    return {"$ref": f"#/components/schemas/{name}", "components": document["components"]}


def examples(node: Any) -> Iterator[tuple[str, Any]]:
    """Every example in the contract with the name of its schema."""
    if isinstance(node, dict):
        reference = node.get("schema", {}).get("$ref", "")
        for example in node.get("examples", {}).values() if reference else ():
            yield reference.rpartition("/")[2], example["value"]
        for part in node.values():
            yield from examples(part)


def corpus(name: str) -> Iterator[Any]:
    """The examples of a schema, and all that can be made of them by one change."""
    whole = sample(contract.document["components"]["schemas"][name])
    for source in [whole, *(value for told, value in examples(contract.document) if told == name)]:
        yield from mutations(source)


def sample(schema: dict[str, Any]) -> Any:
    """A value with all that the schema knows, made of the examples within it."""
    schema = resolved(schema)
    if "example" in schema:
        return schema["example"]
    if schema["type"] == "array":
        return [sample(schema["items"])]
    return {key: sample(part) for key, part in schema["properties"].items()}


def mutations(value: Any) -> Iterator[Any]:
    """The value and its neighbours: something else, less, more, and the same within it."""
    yield from (value, *ODD)
    if isinstance(value, str):
        yield from (value[:-1], value + value, value.upper(), value + "\n")
    if isinstance(value, dict):
        yield {**value, "unknown": 1}
        for key in value:
            yield {other: part for other, part in value.items() if other != key}
            yield from ({**value, key: part} for part in mutations(value[key]))
    if isinstance(value, list):
        yield value + value
        for at, item in enumerate(value):
            yield from ([*value[:at], part, *value[at + 1 :]] for part in mutations(item))


def disagreements(reading: Reading, name: str, moved: dict[str, Any]) -> list[Any]:
    """The values on which the contract and a twin differ; both verdicts must have occurred."""
    old, new = reading(name, moved)
    seen = [(value, old(value), new(value)) for value in corpus(name)]
    assert {verdict for _, verdict, _ in seen} == {True, False}
    return [value for value, before, after in seen if before != after]


@pytest.mark.parametrize("reading", [as_served, as_others_read])
@pytest.mark.parametrize("name", NAMES)
def test_the_twin_accepts_what_the_contract_accepts(name: str, reading: Reading) -> None:
    """Both say the same of every example and of every value one change away from it."""
    assert disagreements(reading, name, TWIN) == []


@pytest.mark.parametrize("reading", [as_served, as_others_read])
def test_a_contract_that_only_changed_its_number_is_found_out(reading: Reading) -> None:
    """Unmoved schemas disagree where null is allowed, so the corpus can tell."""
    assert None in disagreements(reading, "NullableTimestamp", contract.document)


def test_what_json_schema_itself_changed_stays_changed() -> None:
    """1.0 is an integer since draft 6: the one value that only the twin accepts."""
    old, new = as_served("ErrorStatus", TWIN)
    assert (old(400.0), new(400.0)) == (False, True)
