"""Where a contract can be changed. A site is the way to a node, as if nothing were shared."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.contract.breaking.documents import METHODS, Node, resolved
from tests.contract.breaking.mutations.edits import Site, Where

Fits = Callable[[Any], bool]
OPERATIONS = "paths * verb"
PARAMETERS = (f"{OPERATIONS} parameters *", "paths * parameters *")
BODIES = f"{OPERATIONS} requestBody"
ANSWERS = f"{OPERATIONS} responses *"
HEADERS = f"{ANSWERS} headers *"
MEDIA = (f"{BODIES} content *", f"{ANSWERS} content *")
SENT = (f"{MEDIA[0]} schema nested", *(f"{one} schema nested" for one in PARAMETERS))
READ = (f"{MEDIA[1]} schema nested", f"{HEADERS} schema nested")


def sites(*patterns: str, fits: Fits = lambda node: True) -> Where:
    """The nodes that fit at the end of patterns.

    `*` stands for any step, `verb` for any method, `nested` for a schema and all within it.
    """

    def where(document: Node) -> list[Site]:
        plain = resolved(document)
        found = (one for pattern in patterns for one in _matched(plain, pattern.split(), ()))
        return [site for site, node in found if fits(node)]

    return where


def _matched(node: Any, steps: list[str], site: Site) -> Iterator[tuple[Site, Any]]:
    if not steps:
        yield site, node
    elif steps[0] == "nested":
        yield from _nested(node, site)
    else:
        for key in _keys(node, steps[0]):
            yield from _matched(node[key], steps[1:], (*site, key))


def _keys(node: Any, step: str) -> list[Any]:
    if isinstance(node, list):
        return list(range(len(node)))
    if step == "*":
        return list(node)
    return [key for key in (METHODS if step == "verb" else (step,)) if key in node]


def _nested(schema: Node, site: Site) -> Iterator[tuple[Site, Any]]:
    yield site, schema
    for name, member in schema.get("properties", {}).items():
        yield from _nested(member, (*site, "properties", name))
    if "items" in schema:
        yield from _nested(schema["items"], (*site, "items"))
