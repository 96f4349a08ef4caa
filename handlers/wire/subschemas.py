"""How a schema of OpenAPI 3.0 is rewritten in a draft of JSON Schema: what the drafts share."""

from collections.abc import Callable
from typing import Any

NAMED = ("properties", "definitions")
NESTED = ("items", "additionalProperties", "not", "allOf", "anyOf", "oneOf")
Rule = Callable[[dict[str, Any]], dict[str, Any]]


def rewritten(schema: Any, rule: Rule) -> Any:
    """A copy of a schema to which the rule was applied, after all the schemas within it."""
    if isinstance(schema, list):
        return [rewritten(part, rule) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return rule({key: _part(key, value, rule) for key, value in schema.items()})


def null_as_type(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with `null` among its types, and in its enum, where it was `nullable`."""
    result = {key: value for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") and "type" in result:
        result["type"] = [result["type"], "null"]
        if "enum" in result:
            result["enum"] = [*result["enum"], None]
    return result


def _part(key: str, value: Any, rule: Rule) -> Any:
    if key in NAMED:
        return {name: rewritten(part, rule) for name, part in value.items()}
    return rewritten(value, rule) if key in NESTED else value
