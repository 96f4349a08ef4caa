"""The names that a generated client gives to what the contract names."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.clients.generators import Generator

# Types share one space of names in each language, so none may stand twice.
TYPES = {
    ".py": r"^class (\w+)",
    ".ts": r"^export (?:type|interface|const) (\w+)",
    ".go": r"^(?:type|func) (\w+)",
}
MEMBERS = {
    ".py": r"^    def ([a-z]\w+)|^    ([a-z]\w*)(?::| =)",
    ".ts": r"^ {4}(?: {4})?([A-Za-z]\w*)\??: ",
    ".go": r"^func \(.*?\) (\w+)|^\t(\w+) \S",
}
# What generators make up where a name is missing or taken; `type_` keeps off a language.
MADE_UP = re.compile(r"\d|Inline|Inner|AnyOf|OneOf|AllOf|__|(?<!hash|type|Type)_$")


def found(patterns: dict[str, str], generator: Generator) -> Iterator[str]:
    """Every name of a client that one of the patterns of its language finds."""
    for pattern in generator.generated:
        for file in generator.workshop.glob(pattern):
            for match in re.finditer(patterns[file.suffix], file.read_text(), re.MULTILINE):
                yield next(name for name in match.groups() if name)


def made_up(names: Iterator[str]) -> set[str]:
    """The names that no person would give."""
    return {name for name in names if MADE_UP.search(name)}


def clashing(names: Iterator[str]) -> set[str]:
    """The names that differ from another at most by the case of their letters."""
    counted = Counter(name.lower() for name in names)
    return {name for name, times in counted.items() if times > 1}
