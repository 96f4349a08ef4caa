"""The twin: the contract in OpenAPI 3.1, whose schemas are JSON Schema (draft 2020-12).

Source: the specification of OpenAPI 3.1, and what its authors wrote on moving there from 3.0.
"""

from typing import Any

from handlers.wire.subschemas import null_as_type, rewritten

VERSION = "3.1.0"
DIALECT = "https://spec.openapis.org/oas/3.1/dialect/base"
BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


def twin(document: dict[str, Any]) -> dict[str, Any]:
    """The same contract in OpenAPI 3.1; the document is left as it is."""
    return {**_moved(document), "openapi": VERSION, "jsonSchemaDialect": DIALECT}


def draft2020(schema: Any) -> Any:
    """The JSON Schema (draft 2020-12) of an OpenAPI 3.0 schema."""
    return rewritten(schema, _draft2020)


def _moved(node: Any) -> Any:
    if isinstance(node, list):
        return [_moved(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {key: _entry(key, value) for key, value in node.items()}


def _entry(key: str, value: Any) -> Any:
    if key == "schema":
        return draft2020(value)
    if key == "schemas":
        return {name: draft2020(schema) for name, schema in value.items()}
    return value if key in ("example", "examples") else _moved(value)


def _draft2020(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        # 3.0 ignores what stands beside a reference; 3.1 would not.
        return {"$ref": schema["$ref"]}
    result = null_as_type(schema)
    if "example" in result:
        result["examples"] = [result.pop("example")]
    for exclusive, inclusive in BOUNDS.items():
        if result.pop(exclusive, False):
            result[exclusive] = result.pop(inclusive)
    return result
