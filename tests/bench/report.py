"""The report: a table for people and a JSON file for scripts."""

import platform
import statistics
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from tests.bench.load import CONNECTIONS, Sample, middle

LIBRARIES = (
    *("connexion", "flask", "a2wsgi", "gunicorn", "uvloop", "starlette"),
    *("peewee", "jsonschema", "jsonschema-rs", "orjson"),
)
HEAD = (
    *("contestant", "req/s (min-max)", "p50 ms", "p99 ms", "CPU us/req", "RSS MiB"),
    *("rate ratio (min-max)", "CPU ratio (min-max)"),
)
LEGEND = """rate ratio: requests a second over those of '{0}' in the same round
CPU ratio: CPU time a request of '{0}' over that of this one; neighbours disturb it less"""
Rounds = dict[str, list[Sample]]


def versions() -> str:
    """What was measured with."""
    found = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"Python {platform.python_version()}; {found}"


def conditions(rounds: int, seconds: int) -> str:
    """How it was measured."""
    return (
        f"GET /v1/projects/{{projectId}}/public-share-token, gunicorn asgi worker, 1 worker, "
        f"SQLite, {CONNECTIONS} keep-alive connections, {rounds} interleaved rounds of {seconds} s"
    )


def rate_ratios(rounds: Rounds, name: str, baseline: str) -> list[float]:
    """How many times the rate of the baseline in the same round, for each round."""
    pairs = zip(rounds[name], rounds[baseline], strict=True)
    return [mine.rate / theirs.rate for mine, theirs in pairs]


def cpu_ratios(rounds: Rounds, name: str, baseline: str) -> list[float]:
    """How many times cheaper than the baseline in the same round, for each round."""
    pairs = zip(rounds[name], rounds[baseline], strict=True)
    return [theirs.cpu_us / mine.cpu_us for mine, theirs in pairs]


def table(rounds: Rounds, baseline: str) -> str:
    """Medians, with the lowest and the highest round in brackets."""
    rows = [HEAD, *(_row(rounds, name, baseline) for name in rounds)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells))
    return "\n".join([*lines, LEGEND.format(baseline)])


def as_json(rounds: Rounds, baseline: str, told: dict[str, Any]) -> dict[str, Any]:
    """All samples, their medians and ratios."""
    found = {
        name: {
            "median": asdict(middle(samples)),
            "rate_ratios": rate_ratios(rounds, name, baseline),
            "cpu_ratios": cpu_ratios(rounds, name, baseline),
            "rounds": [asdict(sample) for sample in samples],
        }
        for name, samples in rounds.items()
    }
    return {**told, "baseline": baseline, "contestants": found}


def _row(rounds: Rounds, name: str, baseline: str) -> tuple[str, ...]:
    middling = middle(rounds[name])
    rates = [sample.rate for sample in rounds[name]]
    return (
        name,
        f"{middling.rate:,.0f} ({min(rates):,.0f}-{max(rates):,.0f})",
        f"{middling.p50_ms:.1f}",
        f"{middling.p99_ms:.1f}",
        f"{middling.cpu_us:.0f}",
        f"{middling.rss_mib:.0f}",
        _spread(rate_ratios(rounds, name, baseline)),
        _spread(cpu_ratios(rounds, name, baseline)),
    )


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"
