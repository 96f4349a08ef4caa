"""An operation with words that the contract may not use, so that every edit has a site."""

from tests.contract.breaking.documents import Node

PATH = "/everything"
LISTS: Node = {
    "title": "Lists",
    "type": "object",
    "properties": {
        "some": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 9},
        "maybe": {"type": "array", "items": {"type": "integer"}, "nullable": True},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
    },
}
CONTENT = {"application/json": {"schema": {"$ref": "#/components/schemas/Lists"}}}
OPERATION: Node = {
    "operationId": "doEverything",
    "tags": ["everything"],
    "requestBody": {"required": True, "content": CONTENT},
    "responses": {
        "200": {"description": "Done.", "content": CONTENT},
        "400": {"description": "Not done."},
    },
    "x-permission": "projects:read",
}


def with_everything(document: Node) -> Node:
    """The contract, and one operation more."""
    components = document["components"]
    schemas = {**components["schemas"], "Lists": LISTS}
    return {
        **document,
        "paths": {**document["paths"], PATH: {"post": OPERATION}},
        "components": {**components, "schemas": schemas},
    }
