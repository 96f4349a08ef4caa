"""The contract against itself and against the program: tables are complete in both ways."""

import importlib
from typing import Any

import inflection
import pytest

import handlers.wire.refusals
import models.failures
from handlers.wire.contract import METHODS, contract
from handlers.wire.faults import SHAPES
from handlers.wire.schemas import compiled
from models.failures import Failure
from models.listing import ORDERS, TURNED, state

PUBLIC = {"getPublicShare", "getLiveness", "getReadiness", "getAuthorizationServerMetadata"}
# Nothing lies below the paths of OAuth.
UNDOCUMENTED = {("not_found", "oauth")}
DOCUMENTED_CODES = [
    "bad_request",
    "unauthorized",
    "payment_required",
    "forbidden",
    "not_found",
    "conflict",
    "rate_limited",
    "internal_error",
    "project_not_found",
    "project_limit_reached",
    "service_not_found",
    "service_name_conflict",
    "subscription_not_found",
    "customer_not_found",
    "insufficient_ai_credits",
    "invalid_billing_cycle",
    "validation_failed",
    "resource_already_exists",
    "public_share_token_not_found",
]
SCHEMAS = contract.document["components"]["schemas"]


def failures() -> dict[str, type[Failure]]:
    """Every failure that the program can raise, by its row."""
    modules = (models.failures, handlers.wire.refusals)
    named = (getattr(module, name) for module in modules for name in dir(module))
    kinds = {kind for kind in named if isinstance(kind, type) and issubclass(kind, Failure)}
    return {kind.row(): kind for kind in kinds - {Failure}}


def entries() -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation with its path and method."""
    paths = contract.document["paths"]
    return [
        (path, method, item[method])
        for path, item in paths.items()
        for method in METHODS
        if method in item
    ]


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """What a reference points at, or the node itself."""
    while "$ref" in node:
        found: Any = contract.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def test_every_failure_has_a_row_and_every_row_a_failure() -> None:
    """`x-faults` and the failures of the program are the same list."""
    assert set(failures()) == set(contract.document["x-faults"])


def test_every_dialect_has_a_prefix_and_a_shape() -> None:
    """`x-dialects` and the shapes of the program are the same list."""
    assert set(SHAPES) == set(contract.dialects)


def test_every_operation_resolves_to_its_handler() -> None:
    """operationId in camelCase names a handler in snake_case in the file of its tag."""
    for _, _, entry in entries():
        (tag,) = entry["tags"]
        module = importlib.import_module(f"handlers.{inflection.underscore(tag)}")
        assert callable(getattr(module, inflection.underscore(entry["operationId"])))


def test_only_the_public_list_has_no_permission() -> None:
    """What has no `x-permission` is open, and is on a short list of names."""
    open_ones = {entry["operationId"] for _, _, entry in entries() if "x-permission" not in entry}
    unsecured = {entry["operationId"] for _, _, entry in entries() if entry.get("security") == []}
    assert open_ones == unsecured == PUBLIC


def test_every_permission_belongs_to_a_role() -> None:
    """Roles and operations speak of the same permissions."""
    kinds = ("x-permission", "x-permission-others")
    needed = {entry[kind] for _, _, entry in entries() for kind in kinds if kind in entry}
    assert needed == set().union(*contract.roles.values())
    assert contract.roles["root"] == needed


def test_all_documented_codes_are_there() -> None:
    """The share dialect's codes are the 19 of the document, in its order."""
    assert SCHEMAS["ShareErrorCode"]["enum"] == DOCUMENTED_CODES


def test_orders_and_states_are_those_of_the_program() -> None:
    """A list can be asked for in each order, and a token can be in each state, and no other."""
    orders = [order + turned for order in ORDERS for turned in ("", TURNED)]
    assert SCHEMAS["TokenOrder"]["enum"] == orders
    told = {value for _, value in state(0).expression_tuples} | {state(0).default}
    assert set(SCHEMAS["TokenState"]["enum"]) == told


def test_rows_speak_words_of_their_dialect() -> None:
    """Each cell of `x-faults` is in the enum of its dialect, where that is closed."""
    for row in contract.document["x-faults"]:
        for dialect, enum in (("share", "ShareErrorCode"), ("admin", "AdminErrorName")):
            if dialect in contract.document["x-faults"][row]:
                assert contract.wording(row, dialect).code in SCHEMAS[enum]["enum"], row


def test_every_row_has_an_example_where_it_is_documented() -> None:
    """Each (row, dialect) stands as an example under its status, word for word."""
    named = {"share": "Share", "admin": "Admin", "tokens": "Tokens", "oauth": "OAuth"}
    message = {"oauth": "error_description"}
    examples = {
        (name[: len(prefix)], example): value["value"]
        for name, response in contract.document["components"]["responses"].items()
        for prefix in named.values()
        if name.startswith(prefix)
        for example, value in response["content"]["application/json"]["examples"].items()
    }
    for row, cells in contract.document["x-faults"].items():
        for dialect in set(cells) & set(named):
            if (row, dialect) not in UNDOCUMENTED and row != "method_not_allowed":
                told = examples[named[dialect], row][message.get(dialect, "message")]
                assert told == cells["message"]


def test_every_example_fits_its_schema() -> None:
    """Examples of requests, answers and errors are valid."""
    for _, _, entry in entries():
        bodies = [entry["requestBody"]] if "requestBody" in entry else []
        for body in bodies + [resolved(answer) for answer in entry["responses"].values()]:
            for media in body.get("content", {}).values():
                schema = {"allOf": [inlined(media["schema"])]}
                for name, example in media["examples"].items():
                    fault = compiled(schema).fault(example["value"])
                    assert fault is None, (entry["operationId"], name, fault)


def inlined(node: Any) -> Any:
    """A schema with its references put in place."""
    if isinstance(node, dict):
        node = resolved(node)
        return {name: inlined(part) for name, part in node.items()}
    return [inlined(part) for part in node] if isinstance(node, list) else node


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_has_a_title_and_every_string_a_limit(name: str) -> None:
    """Clients get names, servers get bounds."""
    schema = SCHEMAS[name]
    assert schema["title"]
    for part in (schema, *schema.get("properties", {}).values()):
        if part.get("type") == "string":
            assert "maxLength" in part or "enum" in part, (name, part)
        if part.get("type") == "array":
            assert "maxItems" in part, (name, part)
        if part is not schema:
            assert part.get("type") != "object", f"{name} has an object without a name"
            assert "enum" not in part, f"{name} has an enum without a name"


def test_requests_and_answers_use_what_clients_can_read() -> None:
    """Every operation has a summary, a limit, one tag, an example for each 2xx, and 5xx answers."""
    for _, _, entry in entries():
        assert entry["summary"]
        assert entry["x-storage"] in ("none", "look-up", "scan", "write", "slow-write")
        assert entry["x-limit"] in ("caller", "address", "none")
        fails = entry["x-storage"] != "none" and not entry.get("x-gate")
        assert ("500" in entry["responses"]) == fails
