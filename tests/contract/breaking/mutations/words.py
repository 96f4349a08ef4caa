"""Edits of the words of a schema. What narrows a request, narrows what an answer can say."""

from hypothesis import strategies as some

from tests.contract.breaking.mutations.edits import Apply, Edit, Gives, drawn, dropping, setting
from tests.contract.breaking.mutations.limits import (
    STEPS,
    fewer_values,
    lower_ceiling,
    lower_floor,
    more_values,
    raise_ceiling,
    raise_floor,
)
from tests.contract.breaking.mutations.sites import READ, SENT, Fits, sites

TYPES = ("string", "integer", "number", "boolean", "array", "object")
CEILINGS = {"maxLength": "string", "maxItems": "array", "maximum": "integer"}
FLOORS = {"minLength": "string", "minItems": "array", "minimum": "integer"}
PATTERNS = some.from_regex(r"\A\^[a-z]{1,9}\$\Z")


def of_type(*types: str) -> Fits:
    """The schemas of these types."""
    return lambda schema: schema["type"] in types


def above_zero(word: str, kind: str) -> Fits:
    """The schemas of that type whose limit is not zero already: nothing is lower than that."""
    return lambda schema: schema["type"] == kind and schema.get(word) != 0


def having(word: str) -> Fits:
    """The schemas that have a word, with a value that says something."""
    return lambda schema: bool(schema.get(word))


def lacking(word: str, *types: str) -> Fits:
    """The schemas of these types that lack a word."""
    return lambda schema: word not in schema and schema["type"] in types


def narrowings() -> dict[str, tuple[Fits, Apply]]:
    """Edits after which a schema takes less than before."""
    return {
        **{f"lower {w}": (above_zero(w, kind), lower_ceiling(w)) for w, kind in CEILINGS.items()},
        **{f"raise {w}": (of_type(kind), raise_floor(w)) for w, kind in FLOORS.items()},
        "demand unique items": (lacking("uniqueItems", "array"), setting("uniqueItems", True)),
        "set a pattern": (lacking("pattern", "string"), drawn("pattern", PATTERNS)),
        "drop a value": (having("enum"), fewer_values),
        "set an enum": (lacking("enum", *TYPES), drawn("enum", some.lists(some.text()))),
    }


def widenings() -> dict[str, tuple[Fits, Apply]]:
    """Edits after which a schema takes more than before."""
    limits = {**CEILINGS, **FLOORS}
    return {
        **{f"raise {word}": (having(word), raise_ceiling(word)) for word in CEILINGS},
        **{f"lower {word}": (having(word), lower_floor(word)) for word in FLOORS},
        **{f"drop {word}": (having(word), dropping(word)) for word in limits},
        "allow null": (lacking("nullable", *TYPES), setting("nullable", True)),
        "allow doubles": (having("uniqueItems"), dropping("uniqueItems")),
        "drop a pattern": (having("pattern"), dropping("pattern")),
        "add a value": (having("enum"), more_values),
        "drop an enum": (having("enum"), dropping("enum")),
    }


def reshapings() -> dict[str, tuple[Fits, Apply]]:
    """Edits that no client survives, whoever sends the value."""
    formats = some.sampled_from(("int64", "float", "date", "email", "byte"))
    return {
        "change the type": (of_type(*TYPES), drawn("type", some.sampled_from(TYPES))),
        "change the format": (of_type(*TYPES), drawn("format", formats)),
        "change the pattern": (having("pattern"), drawn("pattern", PATTERNS)),
        "use a word without a rule": (of_type(*TYPES), drawn("multipleOf", STEPS)),
    }


def remarks() -> dict[str, tuple[Fits, Apply]]:
    """Edits of what only people read."""
    words = ("title", "description", "example", "x-note")
    return {f"change {word}": (of_type(*TYPES), drawn(word, some.text())) for word in words}


def _both(told: dict[str, tuple[Fits, Apply]], sent: Gives, read: Gives) -> list[Edit]:
    found = []
    for name, (fits, apply) in told.items():
        found.append(Edit(f"request: {name}", sent, sites(*SENT, fits=fits), apply))
        found.append(Edit(f"answer: {name}", read, sites(*READ, fits=fits), apply))
    return found


DEFAULTS = [
    Edit(
        "request: drop a default",
        Gives.LESS,
        sites(*SENT, fits=having("default")),
        dropping("default"),
    ),
    Edit(
        "request: tell a default",
        Gives.MORE,
        sites(*SENT, fits=lacking("default", "string")),
        drawn("default", some.text()),
    ),
    Edit(
        "request: change a default",
        Gives.OTHER,
        sites(*SENT, fits=having("default")),
        drawn("default", some.integers()),
    ),
]
EDITS = [
    *_both(narrowings(), Gives.LESS, Gives.MORE),
    *_both(widenings(), Gives.MORE, Gives.LESS),
    *_both(reshapings(), Gives.OTHER, Gives.OTHER),
    *_both(remarks(), Gives.SAME, Gives.SAME),
    *DEFAULTS,
]
