"""The profile as a table: each layer before and after the work on speed."""

from typing import Any

from tests.bench.profile.layers import RULES
from tests.bench.report import table

FILE = "profile.json"
LABELS = ("before", "after")


def tables(found: dict[str, Any]) -> dict[str, str]:
    """The table and the conditions it was measured under."""
    labels = [label for label in LABELS if label in found]
    operations = list(found[labels[0]]["microseconds"])
    columns = [(operation, label) for operation in operations for label in labels]
    costs = [found[label]["microseconds"].get(operation, {}) for operation, label in columns]
    layers = dict.fromkeys(layer for cost in costs for layer in cost)
    rows = [(layer, *(f"{cost.get(layer, 0):.0f}" for cost in costs)) for layer in _ordered(layers)]
    rows.append(("all", *(f"{sum(cost.values()):.0f}" for cost in costs)))
    head = ("microseconds of CPU a request", *(f"{name}, {label}" for name, label in columns))
    said = "; ".join(f"{label}: {_told(found[label]['conditions'])}" for label in labels)
    return {"profile": f"{table(head, rows)}\n\nConditions: {said}."}


def _ordered(layers: dict[str, None]) -> list[str]:
    """As a request meets them; what has no rule yet comes last."""
    known = [layer for layer, _ in RULES]
    return [*known, *(layer for layer in layers if layer not in known)]


def _told(conditions: dict[str, Any]) -> str:
    names = ("date", "commit", "rounds", "seconds", "cpus", "load_at_start")
    return ", ".join(f"{name.replace('_', ' ')} {conditions[name]}" for name in names)
