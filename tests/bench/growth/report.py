"""What growth costs, as a table."""

from collections.abc import Iterator
from typing import Any

from tests.bench.report import table
from tests.bench.results import spread

FILE = "growth.json"
HEAD = ("database", "what", "small store", "large store", "large over small")


def tables(found: dict[str, Any]) -> dict[str, str]:
    """The table, and the conditions it was measured under."""
    rows = [row for kind, told in found["databases"].items() for row in _rows(kind, told)]
    conditions = ", ".join(
        f"{name} {found['conditions'][name]}"
        for name in ("date", "commit", "rounds", "seconds", "cpus", "load_at_start")
    )
    return {"growth": f"{table(HEAD, rows)}\n\nConditions: {conditions}."}


def _rows(kind: str, told: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    stores = told["stores"]
    counts = [f"{stores[name]['tokens']:,}" for name in ("small", "large")]
    yield (kind, "tokens in the store", *counts, "")
    loaded = [f"{stores[name]['load_s']:.1f}" for name in ("small", "large")]
    yield (kind, "loading them, s", *loaded, "")
    for name, rounds in told["rounds"].items():
        for figure, words in (("rate", "requests/s"), ("cpu_us", "CPU us")):
            small, large = (
                [each[figure] for each in rounds[which]] for which in ("small", "large")
            )
            yield (kind, f"{name}, {words}", *_compared(small, large, 0))
    yield (kind, "start, s", *_compared(told["start_s"]["small"], told["start_s"]["large"], 2))


def _compared(small: list[float], large: list[float], digits: int) -> tuple[str, str, str]:
    ratios = [grown / before for before, grown in zip(small, large, strict=True)]
    return spread(small, digits), spread(large, digits), spread(ratios)
