"""Who may call: security requirements and schemes, and the roles that have the permission."""

from collections.abc import Iterator

from tests.contract.breaking.documents import Node
from tests.contract.breaking.words import ANNOTATIONS

Requirement = dict[str, list[str]]
PERMISSIONS = {"x-permission": "", "x-permission-others": " to the tokens of others"}


def access_breaks(old: Node, new: Node, released: Node, current: Node) -> Iterator[str]:
    """What shuts out a caller who could call the operation of the released contract."""
    for way in _ways(old, released):
        if not any(_suffices(way, other) for other in _ways(new, current)):
            yield f"{_told(way)} is no longer enough"
        for scheme in way:
            if _scheme(released, scheme) != _scheme(current, scheme):
                yield f"the security scheme `{scheme}` changed"
    for word, what in PERMISSIONS.items():
        lost = _callers(word, old, released) - _callers(word, new, current)
        yield from (f"{who} may no longer do this{what}" for who in sorted(lost))


def _ways(operation: Node, document: Node) -> list[Requirement]:
    told: list[Requirement] | None = operation.get("security", document.get("security"))
    return told or [{}]


def _suffices(way: Requirement, other: Requirement) -> bool:
    """Whether who satisfies the one requirement satisfies the other."""
    return all(name in way and set(scopes) <= set(way[name]) for name, scopes in other.items())


def _told(way: Requirement) -> str:
    return " with ".join(f"`{name}`" for name in way) or "no credential"


def _scheme(document: Node, name: str) -> Node:
    told = document["components"].get("securitySchemes", {}).get(name, {})
    return {word: value for word, value in told.items() if word not in ANNOTATIONS}


def _callers(word: str, operation: Node, document: Node) -> set[str]:
    """The roles that may do it, all where no permission is needed, and tokens without a role."""
    needed, without = operation.get(word), document.get("x-role-of", {})
    roles = {role for role, may in document["x-roles"].items() if needed is None or needed in may}
    tokens = {f"`{name}` tokens" for name, role in without.items() if role in roles}
    return tokens | {f"the role `{role}`" for role in roles}
