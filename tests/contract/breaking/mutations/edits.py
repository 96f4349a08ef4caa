"""An edit: a kind of change, the sites where it can be made, and what it does to clients."""

import copy
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

from hypothesis import strategies as some

from tests.contract.breaking.documents import Node, target

Site = tuple[Any, ...]
Draw = Callable[..., Any]
Apply = Callable[[Any, Any, Draw], None]
Where = Callable[[Node], list[Site]]


class Gives(Enum):
    """What a client has after an edit, set against what it had before."""

    LESS = "less"
    MORE = "more"
    OTHER = "other"
    SAME = "the same"


class Edit(NamedTuple):
    """A kind of change; `apply` is handed the parent of the site and the last step to it."""

    name: str
    gives: Gives
    where: Where
    apply: Apply

    def made(self, document: Node, site: Site, draw: Draw) -> Node:
        """A copy of the contract with the edit made at a site, and nowhere else."""
        edited = dict(document)
        self.apply(_opened(edited, site), site[-1], draw)
        return edited


def _opened(document: Node, site: Site) -> Any:
    """The parent of a site, after the way there is made free to change: nothing on it is shared."""
    parent = node = document
    for step in site:
        found = node[step]
        if isinstance(found, dict) and "$ref" in found:
            found = target(document, found["$ref"])
        parent, node[step] = node, copy.copy(found)
        node = node[step]
    parent[site[-1]] = copy.deepcopy(node)
    return parent


def remove(parent: Any, key: Any, draw: Draw) -> None:
    """Take away what stands at the site."""
    del parent[key]


def setting(word: str, value: Any) -> Apply:
    """Give a word at the site a value."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        parent[key][word] = value

    return apply


def dropping(word: str) -> Apply:
    """Take a word away at the site."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        del parent[key][word]

    return apply


def drawn(word: str, values: some.SearchStrategy[Any]) -> Apply:
    """Give a word any value but the one that it has."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        before = parent[key].get(word)
        parent[key][word] = draw(values.filter(lambda value: value != before))

    return apply
