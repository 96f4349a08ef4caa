"""The results: all samples, kept as JSON, and the figures that are made of them."""

import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.load import Sample

FILE = "results.json"
Rounds = dict[str, list[Sample]]


@dataclass
class Measured:
    """One operation on one database: a sample of each contestant in each round."""

    database: str
    operation: str
    rounds: Rounds

    def ratios(self, figure: str, name: str, against: str) -> list[float]:
        """A figure of one contestant over that of another in the same round, for each round."""
        pairs = zip(self.rounds[name], self.rounds[against], strict=True)
        return [getattr(mine, figure) / getattr(theirs, figure) for mine, theirs in pairs]

    def values(self, figure: str, name: str) -> list[float]:
        """A figure of a contestant in each round."""
        return [getattr(sample, figure) for sample in self.rounds[name]]


@dataclass
class Results:
    """All that a run found."""

    conditions: dict[str, Any]
    one_worker: list[Measured] = field(default_factory=list)
    two_workers: list[Measured] = field(default_factory=list)
    memory: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    start: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write it, so that nothing is lost where a later part fails."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_rounded(asdict(self)), indent=1)
        (folder / FILE).write_text(text + "\n")


def load(folder: Path) -> Results:
    """The results in a folder."""
    told = json.loads((folder / FILE).read_text())
    for name in ("one_worker", "two_workers"):
        told[name] = [_measured(row) for row in told[name]]
    return Results(**told)


def spread(values: Iterable[float], digits: int = 2) -> str:
    """The median, and the least and the most in brackets."""
    found = sorted(values)
    low, middle, high = found[0], statistics.median(found), found[-1]
    return f"{middle:,.{digits}f} ({low:,.{digits}f}-{high:,.{digits}f})"


def _measured(row: dict[str, Any]) -> Measured:
    rounds = {name: [Sample(**each) for each in samples] for name, samples in row["rounds"].items()}
    return Measured(row["database"], row["operation"], rounds)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(value, 3) if isinstance(value, float) else value
