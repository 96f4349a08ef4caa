"""Routing: Connexion's, which finds an operation in a table before it tries its patterns."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from connexion.middleware.abstract import ROUTING_CONTEXT
from connexion.middleware.routing import RoutingMiddleware
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

# Which segments of a path are fixed, and which are parameters.
Shape = tuple[tuple[int, ...], tuple[int, ...]]


class Found(NamedTuple):
    """An operation, and the values of the parameters in its path."""

    operation_id: str
    parameters: dict[str, str]


class Table:
    """Routes by the fixed segments of their paths."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._shapes: dict[int, dict[Shape, dict[tuple[str, ...], tuple[str, list[str]]]]] = {}
        for route in routes:
            segments = route.path_format.split("/")
            opened = tuple(at for at, part in enumerate(segments) if part.startswith("{"))
            fixed = tuple(at for at in range(len(segments)) if at not in opened)
            table = self._shapes.setdefault(len(segments), {}).setdefault((fixed, opened), {})
            known: Any = route.app
            for method in route.methods or ():
                key = (method, *(segments[at] for at in fixed))
                table[key] = known.operation_id, [segments[at][1:-1] for at in opened]

    def find(self, method: str, path: str) -> Found | None:
        """The operation of a path; None where there is none, or where two could be meant."""
        segments, found = path.split("/"), None
        for (fixed, opened), table in self._shapes.get(len(segments), {}).items():
            route = table.get((method, *[segments[at] for at in fixed]))
            if route is not None:
                operation_id, names = route
                values = [segments[at] for at in opened]
                if found is not None or not all(values):
                    return None
                found = Found(operation_id, dict(zip(names, values, strict=True)))
        return found


class Routing(RoutingMiddleware):  # type: ignore[misc]  # Connexion is untyped
    """Connexion's routing. What is not in the table takes its way, and ends in its errors."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._base_path = ""
        self._table = Table(())

    def add_api(self, specification: Any, **options: Any) -> None:
        """Register the operations of a specification."""
        super().add_api(specification, **options)
        self._base_path = specification.base_path
        routes: list[Any] = [
            route
            for mount in self.router.routes
            if isinstance(mount, Mount)
            for route in mount.routes
        ]
        self._table = Table(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add what was found to the scope and pass it on."""
        found = None
        if scope["type"] == "http" and not scope.get("root_path"):
            found = self._table.find(scope["method"], scope["path"])
        if found is None:
            await super().__call__(scope, receive, send)
            return
        routed = {"api_base_path": self._base_path, "operation_id": found.operation_id}
        scope["extensions"].setdefault(ROUTING_CONTEXT, {}).update(routed)
        await self.app({**scope, "path_params": found.parameters}, receive, send)
