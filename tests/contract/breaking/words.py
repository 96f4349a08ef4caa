"""Words of a schema: which of their changes take something away, and how a change reads."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

from tests.contract.breaking.documents import Node

ANNOTATIONS = {"title", "description", "summary", "example", "examples", "deprecated"}
FLOORS = {"minimum": -math.inf, "minLength": 0, "minItems": 0}
CEILINGS = ("maximum", "maxLength", "maxItems")
IDENTITY = ("type", "format")
NESTED = {"properties", "items", "additionalProperties", "required", "default"}


def _raised(word: str) -> Callable[[Any, Any], bool]:
    """Whether the least value rose; without the word there is none, or none below zero."""
    floor = FLOORS[word]
    return lambda wide, narrow: _or(narrow, floor) > _or(wide, floor)


def _or(value: Any, absent: float) -> Any:
    return absent if value is None else value


def _lowered(wide: Any, narrow: Any) -> bool:
    return bool(_or(narrow, math.inf) < _or(wide, math.inf))


def _demanded(wide: Any, narrow: Any) -> bool:
    return bool(narrow) and not wide


def _forbidden(wide: Any, narrow: Any) -> bool:
    return bool(wide) and not narrow


def _repatterned(wide: Any, narrow: Any) -> bool:
    """Whether one pattern takes less than another cannot be told: it must be the same."""
    return narrow is not None and narrow != wide


def _fewer(wide: Any, narrow: Any) -> bool:
    return narrow is not None and (wide is None or any(value not in narrow for value in wide))


# Whether a schema with the second value of the word takes less than one with the first.
NARROWS: dict[str, Callable[[Any, Any], bool]] = {
    **{word: _raised(word) for word in FLOORS},
    **dict.fromkeys(CEILINGS, _lowered),
    "uniqueItems": _demanded,
    "nullable": _forbidden,
    "pattern": _repatterned,
    "enum": _fewer,
}


def unruled(old: Node, new: Node, subject: str, ruled: set[str]) -> Iterator[str]:
    """Words that differ and that no rule knows: nobody can say that they are safe."""
    for word in sorted({*old, *new} - ruled - ANNOTATIONS):
        if not word.startswith("x-") and old.get(word) != new.get(word):
            yield f"{changed(word, subject, old, new)} (no rule knows this word)"


def changed(word: str, subject: str, old: Node, new: Node) -> str:
    """A change of a word as a sentence."""
    before, after = (
        f"`{_plain(told[word])}`" if word in told else "not told" for told in (old, new)
    )
    return f"`{word}` of {subject} was {before} and is {after}"


def values(subject: str, old: Node, new: Node) -> str:
    """A change of an enum as a sentence."""
    before, after = old.get("enum"), new.get("enum")
    if before is None or after is None:
        return changed("enum", subject, old, new)
    gone = ", ".join(f"`{value}`" for value in before if value not in after)
    come = ", ".join(f"`{value}`" for value in after if value not in before)
    return f"the values of {subject} lost {gone or 'nothing'} and gained {come or 'nothing'}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
