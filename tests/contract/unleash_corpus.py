"""What an Unleash 8.2 server was asked and answered, and how far an answer of ours agrees."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("unleash_exchanges.json")
JSON_TYPES = {
    str: "string",
    bool: "boolean",
    type(None): "null",
    list: "array",
    dict: "object",
    int: "number",
    float: "number",
}


@dataclass(frozen=True)
class Exchange:
    """A request, the status that Unleash gave and the keys of its body with their JSON types.

    `ours` is the status of Jeton where it differs; `decision` says why, or what else differs.
    `{names}` in path, headers and body stand for credentials, and `{long}` for `length` letters.
    """

    case: str
    method: str
    path: str
    headers: dict[str, str]
    status: int
    keys: dict[str, str]
    body: Any = None
    text: str | None = None
    length: int = 0
    ours: int | None = None
    decision: str | None = None

    @property
    def sent(self) -> str | None:
        """The body as text, before the names in it are filled in."""
        if self.body is None:
            return self.text
        return json.dumps(self.body, ensure_ascii=False)


@dataclass(frozen=True)
class Answer:
    """A status, headers, and the JSON of the body; None where there was no body."""

    status: int
    headers: dict[str, str]
    body: Any = None


@dataclass(frozen=True)
class Replayed:
    """An exchange and what Jeton answered to it."""

    exchange: Exchange
    answer: Answer

    @property
    def agrees(self) -> bool:
        """Whether the status is that of Unleash."""
        return self.answer.status == self.exchange.status

    @property
    def keys(self) -> "Keys":
        """How the keys of the two bodies compare."""
        return Keys(self.exchange.keys, keys_of(self.answer.body))

    @property
    def decisions(self) -> list[str]:
        """The decisions that explain what differs."""
        found = [self.exchange.decision] if self.exchange.decision else []
        if self.agrees and self.keys.differ:
            found.append("one-error-shape" if self.answer.status >= 400 else "all-eleven-keys")
        return found


@dataclass(frozen=True)
class Keys:
    """The keys of two bodies with the JSON types of their values.

    The keys of list items compare only where both lists have items.
    """

    theirs: dict[str, str]
    ours: dict[str, str]

    @property
    def more(self) -> list[str]:
        """The keys that only Jeton answers."""
        return sorted(_comparable(self.ours, self.theirs) - self.theirs.keys())

    @property
    def fewer(self) -> list[str]:
        """The keys that only Unleash answers."""
        return sorted(_comparable(self.theirs, self.ours) - self.ours.keys())

    @property
    def differ(self) -> bool:
        """Whether one side has a key that the other lacks."""
        return bool(self.more or self.fewer)

    @property
    def of_another_type(self) -> list[str]:
        """The shared keys whose values have a JSON type that Unleash did not show."""
        shared = self.ours.keys() & self.theirs.keys()
        return sorted(key for key in shared if _types(self.ours[key]) - _types(self.theirs[key]))


def _comparable(keys: dict[str, str], others: dict[str, str]) -> set[str]:
    filled = {key.partition("[]")[0] for key in others if "[]" in key}
    return {key for key in keys if "[]" not in key or key.partition("[]")[0] in filled}


def _types(text: str) -> set[str]:
    return set(text.split("|"))


def keys_of(body: Any) -> dict[str, str]:
    """The keys of a body and of the objects in its lists, with the JSON types seen."""
    seen: dict[str, set[str]] = {}
    if isinstance(body, dict):
        _note(body, "", seen)
    return {key: "|".join(sorted(types)) for key, types in seen.items()}


def _note(value: dict[str, Any], prefix: str, seen: dict[str, set[str]]) -> None:
    for key, item in value.items():
        seen.setdefault(prefix + key, set()).add(JSON_TYPES[type(item)])
        for inner in item if isinstance(item, list) else []:
            if isinstance(inner, dict):
                _note(inner, f"{prefix}{key}[].", seen)


@dataclass(frozen=True)
class Decision:
    """Why Jeton differs on purpose."""

    title: str
    reason: str


CORPUS = json.loads(FILE.read_text(encoding="utf-8"))
EXCHANGES = [Exchange(**entry) for entry in CORPUS["exchanges"]]
DECISIONS = {name: Decision(**entry) for name, entry in CORPUS["decisions"].items()}
