"""Edits of who may call, of the codes of faults, and of where the server is."""

from typing import Any

from hypothesis import strategies as some

from tests.contract.breaking.mutations.edits import (
    Draw,
    Edit,
    Gives,
    drawn,
    dropping,
    remove,
    setting,
)
from tests.contract.breaking.mutations.sites import OPERATIONS, sites

WAYS = ("ApiKeyAuth", "BearerAuth")
DIALECTS = ("share", "admin", "tokens", "oauth")
NAMES = some.from_regex(r"\Anew[A-Za-z]{1,9}\Z")


def one_way(parent: Any, key: Any, draw: Draw) -> None:
    """Take one of the two kinds of credentials only."""
    parent[key]["security"] = [{draw(some.sampled_from(WAYS)): []}]


def another_way(parent: Any, key: Any, draw: Draw) -> None:
    """Take another kind of credentials, too."""
    parent[key]["security"] = [*({way: []} for way in WAYS), {draw(NAMES): []}]


def both_ways(parent: Any, key: Any, draw: Draw) -> None:
    """Take only both kinds of credentials at once."""
    parent[key]["security"] = [{way: [] for way in WAYS}]


def change_code(parent: Any, key: Any, draw: Draw) -> None:
    """Word a fault by another code."""
    parent[key] = draw(NAMES)


def forget_cell(parent: Any, key: Any, draw: Draw) -> None:
    """Let a dialect have no code for a fault."""
    told = [dialect for dialect in DIALECTS if dialect in parent[key]]
    del parent[key][draw(some.sampled_from(told))]


# What every role may do.
OF_EVERYBODY = ("self:read",)


def _secured(operation: Any) -> bool:
    return "security" not in operation


def _public(operation: Any) -> bool:
    return bool(operation.get("security") == [])


def _permitted(operation: Any) -> bool:
    """Whether it needs a permission that some role lacks."""
    return operation.get("x-permission") not in (None, *OF_EVERYBODY)


def add_server(parent: Any, key: Any, draw: Draw) -> None:
    """Name another server."""
    parent.append({"url": draw(NAMES)})


LESS, MORE, OTHER, SAME = Gives.LESS, Gives.MORE, Gives.OTHER, Gives.SAME
SECURED, PUBLIC = sites(OPERATIONS, fits=_secured), sites(OPERATIONS, fits=_public)
PERMITTED = sites(OPERATIONS, fits=_permitted)
CELLS = sites(*(f"x-faults * {dialect}" for dialect in DIALECTS))
SCHEMES = sites("components securitySchemes *")
EDITS = [
    Edit("take one kind of credentials", LESS, SECURED, one_way),
    Edit("take both kinds at once", LESS, SECURED, both_ways),
    Edit("take a further kind", MORE, SECURED, another_way),
    Edit("open an operation", MORE, SECURED, setting("security", [])),
    Edit("close an operation", LESS, PUBLIC, dropping("security")),
    Edit("change a security scheme", OTHER, SCHEMES, drawn("name", NAMES)),
    Edit("describe a security scheme anew", SAME, SCHEMES, drawn("description", some.text())),
    Edit("need what no role may", LESS, PERMITTED, drawn("x-permission", NAMES)),
    Edit("need a permission", LESS, PUBLIC, drawn("x-permission", NAMES)),
    Edit("need no permission", MORE, PERMITTED, dropping("x-permission")),
    Edit("let a role do less", LESS, sites("x-roles * *"), remove),
    Edit("remove a role", LESS, sites("x-roles *"), remove),
    Edit("remove a fault", LESS, sites("x-faults *"), remove),
    Edit("forget the code of a fault", LESS, sites("x-faults *"), forget_cell),
    Edit("change the code of a fault", OTHER, CELLS, change_code),
    Edit(
        "change the status of a fault",
        OTHER,
        sites("x-faults *"),
        drawn("status", some.integers(400, 599)),
    ),
    Edit("word a fault anew", SAME, sites("x-faults *"), drawn("message", some.text())),
    Edit("move the server", OTHER, sites("servers *"), drawn("url", NAMES)),
    Edit("add a server", MORE, sites("servers *"), add_server),
]
