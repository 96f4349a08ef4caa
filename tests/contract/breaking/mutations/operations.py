"""Edits of operations: what they are called, take and answer."""

from typing import Any

from hypothesis import strategies as some

from tests.contract.breaking.documents import METHODS
from tests.contract.breaking.mutations.edits import (
    Draw,
    Edit,
    Gives,
    drawn,
    dropping,
    remove,
    setting,
)
from tests.contract.breaking.mutations.sites import (
    ANSWERS,
    BODIES,
    HEADERS,
    MEDIA,
    OPERATIONS,
    PARAMETERS,
    sites,
)

NAMES = some.from_regex(r"\Anew[A-Za-z]{1,9}\Z")
SOLE = {"200", "201", "204"}


def rename(parent: Any, key: Any, draw: Draw) -> None:
    """Put what stands at the site under another name."""
    parent[f"{key}{draw(NAMES)}"] = parent.pop(key)


def add_operation(parent: Any, key: Any, draw: Draw) -> None:
    """Let a path take another method."""
    free = [method for method in METHODS if method not in parent[key]]
    answer = {"200": {"description": "Done."}}
    parent[key][draw(some.sampled_from(free))] = {"operationId": draw(NAMES), "responses": answer}


def add_parameter(*, required: bool) -> Any:
    """Let an operation take another parameter."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        added = {"name": draw(NAMES), "in": "query", "required": required, "schema": {}}
        parent[key]["parameters"] = [*parent[key].get("parameters", []), added]

    return apply


def demand_body(parent: Any, key: Any, draw: Draw) -> None:
    """Make an operation need a body that took none."""
    content = {"application/json": {"schema": {"type": "object"}}}
    parent[key]["requestBody"] = {"required": True, "content": content}


def add_status(first: int, last: int) -> Any:
    """Let an operation answer another status."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        known = parent[key]["responses"]
        fresh = some.integers(first, last).map(str).filter(lambda status: status not in known)
        known[draw(fresh)] = {"description": "Something else."}

    return apply


def change_success(parent: Any, key: Any, draw: Draw) -> None:
    """Answer a success by another status."""
    (before,) = SOLE & parent[key]["responses"].keys()
    after = draw(some.sampled_from(sorted(SOLE - {before})))
    parent[key]["responses"][after] = parent[key]["responses"].pop(before)


def remove_error(parent: Any, key: Any, draw: Draw) -> None:
    """Forget the status of an error."""
    told = parent[key]["responses"]
    del told[draw(some.sampled_from(sorted(told.keys() - SOLE)))]


def add_header(parent: Any, key: Any, draw: Draw) -> None:
    """Send another header with an answer."""
    known = parent[key].get("headers", {})
    parent[key]["headers"] = {**known, draw(NAMES): {"schema": {"type": "string"}}}


def add_media(parent: Any, key: Any, draw: Draw) -> None:
    """Take or answer another media type."""
    parent[f"{key}-{draw(NAMES)}"] = parent[key]


def _required(node: Any) -> bool:
    return bool(node.get("required"))


def _optional(node: Any) -> bool:
    return not node.get("required")


def _bodiless(operation: Any) -> bool:
    return "requestBody" not in operation


LESS, MORE, OTHER, SAME = Gives.LESS, Gives.MORE, Gives.OTHER, Gives.SAME
ALL = sites(OPERATIONS)
OPTIONAL = sites(*PARAMETERS, fits=_optional)
EDITS = [
    Edit("remove a path", LESS, sites("paths *"), remove),
    Edit("remove an operation", LESS, ALL, remove),
    Edit("rename a path", OTHER, sites("paths *"), rename),
    Edit("rename an operation", OTHER, ALL, drawn("operationId", NAMES)),
    Edit("move an operation", OTHER, ALL, drawn("tags", some.lists(NAMES, min_size=1))),
    Edit("add an operation", MORE, sites("paths *"), add_operation),
    Edit("describe an operation anew", SAME, ALL, drawn("description", some.text())),
    Edit("deprecate an operation", SAME, ALL, setting("deprecated", True)),
    Edit("add callbacks", OTHER, ALL, drawn("callbacks", some.dictionaries(NAMES, NAMES))),
    Edit("remove an optional parameter", LESS, OPTIONAL, remove),
    Edit("require a parameter", LESS, OPTIONAL, setting("required", True)),
    Edit("rename a parameter", OTHER, sites(*PARAMETERS), drawn("name", NAMES)),
    Edit("serialise a parameter anew", OTHER, OPTIONAL, setting("style", "pipeDelimited")),
    Edit("add an optional parameter", MORE, ALL, add_parameter(required=False)),
    Edit("add a required parameter", OTHER, ALL, add_parameter(required=True)),
    Edit("demand a body", OTHER, sites(OPERATIONS, fits=_bodiless), demand_body),
    Edit("remove a body", OTHER, sites(BODIES), remove),
    Edit("excuse a body", MORE, sites(BODIES), setting("required", False)),
    Edit("rename a media type", OTHER, sites(*MEDIA), rename),
    Edit("add a media type", MORE, sites(*MEDIA), add_media),
    Edit("forget an error", LESS, ALL, remove_error),
    Edit("add an error", MORE, ALL, add_status(400, 599)),
    Edit("change a success", OTHER, ALL, change_success),
    Edit("add a success", OTHER, ALL, add_status(200, 399)),
    Edit("remove a header", LESS, sites(HEADERS), remove),
    Edit("no longer promise a header", LESS, sites(HEADERS, fits=_required), dropping("required")),
    Edit("promise a header", MORE, sites(HEADERS, fits=_optional), setting("required", True)),
    Edit("add a header", MORE, sites(ANSWERS), add_header),
]
