"""Which tokens of a project a filter picks, in which order, and which of them a page holds."""

from collections.abc import Callable
from typing import Any

from tests.contract.model.request import Request
from tests.contract.model.token import DEAD, Json, Token
from tests.contract.model.world import World

NEVER = 2**62
ORDERS: dict[str, Callable[[Token], Any]] = {
    "created": lambda token: token.created_at,
    "name": lambda token: token.name,
    "expires": lambda token: NEVER if token.expires_at is None else token.expires_at,
    "last_used": lambda token: token.written_at or 0,
}


def selected(world: World, project: str, asked: Json, at: int) -> list[Token]:
    """The tokens of a project that a filter picks, oldest first."""
    return [token for token in world.of(project) if _fits(world, token, asked, at)]


def to_revoke(world: World, project: str, asked: Json, at: int) -> list[Token]:
    """Those of them that live, or, where a state is asked for, whose end nobody wrote yet."""
    found = [token for token in selected(world, project, asked, at) if not token.end]
    return [token for token in found if "state" in asked or token.state(at) not in DEAD]


def in_order(world: World, request: Request) -> list[Token]:
    """All tokens of a project, in the order that was asked for."""
    order = request.query.get("order", "created")
    by = ORDERS[order.removesuffix("_desc")]
    return sorted(
        world.of(request.project),
        key=lambda token: (by(token), token.id),
        reverse=order.endswith("_desc"),
    )


def behind(items: list[Any], request: Request) -> list[Any]:
    """The items that come after those of the pages before."""
    if not request.seen:
        return items
    places = [place for place, item in enumerate(items) if item.id == request.seen[-1]["id"]]
    return items[places[0] + 1 :]


def page(name: str, told: list[Json], request: Request, body: Json) -> Json:
    """The first of what is to be told; a cursor leads to the rest."""
    limit = request.query["limit"]
    right: Json = {name: told[:limit]}
    return right if len(told) <= limit else {**right, "nextCursor": body["nextCursor"]}


def _fits(world: World, token: Token, asked: Json, at: int) -> bool:
    same = {"kind": token.kind, "role": token.role, "name": token.name, "type": token.type}
    same |= {"environment": token.environment, "state": token.state(at)}
    if any(name in asked and asked[name] != value for name, value in same.items()):
        return False
    if "mintedBy" in asked:
        return token.issuer in world.minted_by(asked["mintedBy"])
    return True
