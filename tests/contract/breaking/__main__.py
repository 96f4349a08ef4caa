"""Fails where openapi.yaml can break a client of the released contract and its version hides it."""

import sys

from tests.contract.breaking.compare import Break, breaks
from tests.contract.breaking.documents import CURRENT, RELEASED, Node, read
from tests.contract.breaking.versions import goes_back, may_break

SHOWN = 3
ADVICE = "Keep what clients rely on, or raise the version of openapi.yaml and pyproject.toml."


def verdict(released: Node, current: Node) -> tuple[list[str], bool]:
    """What to print, and whether the contract may stand."""
    before, after = (document["info"]["version"] for document in (released, current))
    found = breaks(released, current)
    lines = report(found)
    if goes_back(before, after):
        return [*lines, f"Version {after} is older than the released {before}."], False
    if not found:
        return [f"Nothing in {after} breaks a client of the released {before}."], True
    lines.append(f"Changes that can break a client of the released {before}: {len(found)}.")
    allowed = may_break(before, after)
    return [*lines, f"Version {after} says so." if allowed else ADVICE], allowed


def report(found: list[Break]) -> list[str]:
    """A line for each change; one that shows in many places names the first few."""
    places: dict[str, list[str]] = {}
    for one in found:
        places.setdefault(one.what, []).append(one.place)
    return [f"{_joined(where)}: {what}" for what, where in places.items()]


def _joined(places: list[str]) -> str:
    more = len(places) - SHOWN
    named = ", ".join(places[:SHOWN])
    return f"{named} and {more} more" if more > 0 else named


if __name__ == "__main__":
    told, stands = verdict(read(RELEASED), read(CURRENT))
    print(*told, sep="\n")
    sys.exit(not stands)
