"""Sample requests: for every operation the one that its examples in the contract make."""

from typing import Any

from handlers.wire.contract import Operation, contract

FORM = "application/x-www-form-urlencoded"


def entry(operation: Operation) -> dict[str, Any]:
    """What the contract says of an operation."""
    return dict(contract.document["paths"][operation.path][operation.method.lower()])


def path_of(operation: Operation, **values: str) -> str:
    """The path of an operation with the examples of its parameters, or the given values."""
    item = contract.document["paths"][operation.path]
    found = [_resolved(part) for part in item.get("parameters", [])]
    examples = {part["name"]: part["example"] for part in found if part["in"] == "path"}
    return operation.path.format(**{**examples, **values})


def body_of(operation: Operation) -> dict[str, Any]:
    """The first example of a body, as an option for an HTTP client; empty where there is none."""
    content = entry(operation).get("requestBody", {}).get("content", {})
    for media_type, media in content.items():
        example = next(iter(media["examples"].values()))["value"]
        return {"data" if media_type == FORM else "json": example}
    return {}


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    return dict(contract.document["components"]["parameters"][node["$ref"].rpartition("/")[2]])
