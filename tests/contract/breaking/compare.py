"""Two contracts: what of the released one a client can no longer rely on."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from tests.contract.breaking.access import access_breaks
from tests.contract.breaking.documents import Node, operations, resolved
from tests.contract.breaking.operations import operation_breaks


class Break(NamedTuple):
    """A change that can break a client, and where."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def breaks(released: Node, current: Node) -> list[Break]:
    """Every change from the released contract that can break a client."""
    return breaks_of_resolved(resolved(released), resolved(current))


def breaks_of_resolved(old: Node, new: Node) -> list[Break]:
    """The same of contracts that hold no references any more."""
    found = chain(_servers(old, new), _operations(old, new), _faults(old, new))
    return [Break(place, what) for place, what in found]


def _servers(old: Node, new: Node) -> Iterator[tuple[str, str]]:
    after = [server["url"] for server in new["servers"]]
    for server in old["servers"]:
        if server["url"] not in after:
            yield "servers", f"the server `{server['url']}` was removed"


def _operations(old: Node, new: Node) -> Iterator[tuple[str, str]]:
    after = operations(new)
    for (path, method), operation in operations(old).items():
        place = f"{method.upper()} {path}"
        if (path, method) not in after:
            yield place, "the operation was removed"
            continue
        current = after[path, method]
        if operation != current:
            yield from operation_breaks(place, operation, current)
        for what in access_breaks(operation, current, old, new):
            yield place, what


def _faults(old: Node, new: Node) -> Iterator[tuple[str, str]]:
    """Codes that clients switch on, also where the schema leaves them open."""
    for row, told in old["x-faults"].items():
        for dialect in told.keys() & old["x-dialects"].keys():
            before, after = _wording(old, row, dialect), _wording(new, row, dialect)
            if after is None:
                yield f"fault {row} in {dialect}", "it was removed"
            elif before != after:
                yield f"fault {row} in {dialect}", f"{before} became {after}"


def _wording(document: Node, row: str, dialect: str) -> str | None:
    told = document["x-faults"].get(row, {})
    cell = told.get(dialect)
    if isinstance(cell, dict):
        return f"{cell['status']} `{cell['code']}`"
    return f"{told['status']} `{cell}`" if cell else None
