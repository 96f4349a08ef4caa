"""Contracts as plain trees: every reference replaced by what it points at."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
CURRENT = ROOT / "openapi.yaml"
RELEASED = ROOT / "tests" / "contract" / "released" / "openapi.yaml"
Node = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def read(file: Path) -> Node:
    """A contract as it is written."""
    document: Node = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return document


def resolved(document: Node) -> Node:
    """The contract without references; raises RecursionError where they go round."""
    known: dict[str, Any] = {}

    def plain(node: Any) -> Any:
        if isinstance(node, list):
            return [plain(part) for part in node]
        if not isinstance(node, dict):
            return node
        if "$ref" not in node:
            return {name: plain(part) for name, part in node.items()}
        reference = node["$ref"]
        if reference not in known:
            known[reference] = plain(target(document, reference))
        return known[reference]

    return {name: plain(part) for name, part in document.items()}


def target(document: Node, reference: str) -> Any:
    """What a reference within the document points at."""
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def operations(document: Node) -> dict[tuple[str, str], Node]:
    """The operations of a resolved contract by path and method, with the parameters of the path."""
    return {
        (path, method): {**item[method], "parameters": _parameters(item, item[method])}
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def _parameters(item: Node, operation: Node) -> dict[tuple[str, str], Node]:
    told = item.get("parameters", []) + operation.get("parameters", [])
    return {(one["in"], one["name"]): one for one in told}
