"""Routing: the table finds what Connexion's patterns find."""

import asyncio
import copy
from typing import Any

import pytest
from connexion.middleware.routing import RoutingMiddleware
from connexion.resolver import Resolution, Resolver
from connexion.spec import Specification
from starlette.exceptions import HTTPException

from handlers.wire.contract import Operation, contract
from handlers.wire.routing import Routing

Told = tuple[Any, Any]
ODD = [
    ("GET", "/v1/projects//tokens"),
    ("GET", "/v1/projects/"),
    ("GET", "/v1"),
    ("GET", ""),
    ("PUT", "/v1/self"),
    ("get", "/v1/self"),
    ("GET", "/nowhere/at/all"),
    ("GET", "/{projectId}"),
]


class Nowhere(Resolver):  # type: ignore[misc]
    """Resolves every operation to nothing that could be called."""

    def resolve(self, operation: Any) -> Resolution:
        """A handler that is never called."""
        return Resolution(print, operation.operation_id)


def told(router: RoutingMiddleware, method: str, path: str) -> Told:
    """What a router writes into the scope, or the status that it refuses with."""
    scope = {"type": "http", "method": method, "path": path, "extensions": {}, "headers": []}
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message.get("status"))

    try:
        asyncio.run(router({**scope, "app": None}, None, send))
    except HTTPException as error:
        return error.status_code, None
    if sent:
        return sent[0], None
    (seen,) = router.app.seen[-1:]
    return seen["extensions"], seen.get("path_params")


class Inner:
    """Keeps the scopes that got through."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)


def routed(kind: type[RoutingMiddleware]) -> RoutingMiddleware:
    """A router of that kind, with the contract."""
    router = kind(Inner())
    router.add_api(Specification.load(copy.deepcopy(contract.document)), resolver=Nowhere())
    return router


@pytest.fixture(scope="module")
def both() -> tuple[RoutingMiddleware, RoutingMiddleware]:
    """Connexion's router and ours."""
    return routed(RoutingMiddleware), routed(Routing)


Both = tuple[RoutingMiddleware, RoutingMiddleware]


@pytest.mark.parametrize("operation", contract.operations.values(), ids=contract.operations)
def test_the_table_finds_what_the_patterns_find(both: Both, operation: Operation) -> None:
    """Every operation, with its parameters as they were sent, by its method and by HEAD."""
    path = operation.path.replace("{", "a%20:").replace("}", "é")
    theirs, ours = both
    for method in {operation.method, "HEAD"}:
        assert told(ours, method, path) == told(theirs, method, path)
    found = ours._table.find(operation.method, path)
    assert found is not None
    assert found.operation_id == operation.id


@pytest.mark.parametrize(("method", "path"), ODD)
def test_what_is_not_in_the_table_ends_as_with_connexion(
    both: Both, method: str, path: str
) -> None:
    """Unknown paths and methods are refused in the same way."""
    theirs, ours = both
    assert told(ours, method, path) == told(theirs, method, path)
