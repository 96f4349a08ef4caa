"""What moves a limit or changes an enum, one way or the other."""

from typing import Any

from hypothesis import strategies as some

from tests.contract.breaking.mutations.edits import Apply, Draw

STEPS = some.integers(1, 1000)


def lower_ceiling(word: str) -> Apply:
    """Lower a limit, or set one where there was none."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        before = parent[key].get(word)
        parent[key][word] = draw(STEPS if before is None else some.integers(0, before - 1))

    return apply


def raise_ceiling(word: str) -> Apply:
    """Raise a limit."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        parent[key][word] += draw(STEPS)

    return apply


def raise_floor(word: str) -> Apply:
    """Raise a least value, or set one where there was none."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        parent[key][word] = parent[key].get(word, 0) + draw(STEPS)

    return apply


def lower_floor(word: str) -> Apply:
    """Lower a least value that is above zero."""

    def apply(parent: Any, key: Any, draw: Draw) -> None:
        parent[key][word] = draw(some.integers(0, parent[key][word] - 1))

    return apply


def fewer_values(parent: Any, key: Any, draw: Draw) -> None:
    """Take a value out of an enum."""
    gone = draw(some.sampled_from(parent[key]["enum"]))
    parent[key]["enum"] = [value for value in parent[key]["enum"] if value != gone]


def more_values(parent: Any, key: Any, draw: Draw) -> None:
    """Put a value into an enum."""
    place = draw(some.integers(0, len(parent[key]["enum"])))
    parent[key]["enum"].insert(place, draw(some.text(min_size=100)))
