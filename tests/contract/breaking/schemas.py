"""Schemas: a request must take all that it took, an answer must keep all that it promised.

Each rule is written once, for requests. An answer is the other way round: there the released
schema must take all that the new one can say.
"""

from collections.abc import Iterator

from tests.contract.breaking.documents import Node
from tests.contract.breaking.words import IDENTITY, NARROWS, NESTED, changed, unruled, values


def schema_breaks(old: Node, new: Node, name: str, *, sent: bool) -> Iterator[str]:
    """What breaks a client that sends such values, or else reads them."""
    if old == new:
        return
    subject = f"`{name}`" if name else "the body"
    yield from _words(old, new, subject, sent=sent)
    yield from _members(old, new, name, sent=sent)
    yield from _required(old, new, name, sent=sent)
    yield from unruled(old, new, subject, {*NARROWS, *IDENTITY, *NESTED})
    if "items" in old or "items" in new:
        inner = old.get("items", {}), new.get("items", {})
        yield from schema_breaks(*inner, f"{name}[]", sent=sent)


def _words(old: Node, new: Node, subject: str, *, sent: bool) -> Iterator[str]:
    wide, narrow = (old, new) if sent else (new, old)
    broken = [word for word in IDENTITY if old.get(word) != new.get(word)]
    broken += [word for word, less in NARROWS.items() if less(wide.get(word), narrow.get(word))]
    if sent and "default" in old and ("default" not in new or old["default"] != new["default"]):
        broken.append("default")
    for word in broken:
        yield values(subject, old, new) if word == "enum" else changed(word, subject, old, new)


def _members(old: Node, new: Node, name: str, *, sent: bool) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for member, schema in before.items():
        inner = f"{name}.{member}" if name else member
        if member in after:
            yield from schema_breaks(schema, after[member], inner, sent=sent)
        else:
            yield f"the property `{inner}` was removed"
    yield from _others(old, new, name, sent=sent)


def _others(old: Node, new: Node, name: str, *, sent: bool) -> Iterator[str]:
    """Properties without a name; a closed answer may open, for the contract says so."""
    before, after = (told.get("additionalProperties", True) for told in (old, new))
    wide, narrow = (before, after) if sent else (after, before)
    if isinstance(before, dict) and isinstance(after, dict):
        yield from schema_breaks(before, after, f"{name}.*", sent=sent)
    elif _openness(narrow) < _openness(wide) and (sent or before is not False):
        yield changed("additionalProperties", f"`{name}`" if name else "the body", old, new)


def _openness(additional: Node | bool) -> int:
    return 1 if isinstance(additional, dict) else 2 * additional


def _required(old: Node, new: Node, name: str, *, sent: bool) -> Iterator[str]:
    before, after = (told.get("required", []) for told in (old, new))
    kept = [member for member in before if member in new.get("properties", {})]
    told = [one for one in after if one not in before] if sent else set(kept) - set(after)
    for member in told:
        inner = f"{name}.{member}" if name else member
        yield f"the property `{inner}` is {'now' if sent else 'no longer'} required"
