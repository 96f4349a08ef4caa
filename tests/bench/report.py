"""The report: results as tables in Markdown, which people read in a terminal too."""

from collections.abc import Iterable, Sequence

from tests.bench.contestants import ALL
from tests.bench.operations import TITLES
from tests.bench.results import Measured, Results, spread

JETON = "jeton"
SUMMARY_HEAD = "How many times the rate of each Jeton has"


def tables(results: Results) -> dict[str, str]:
    """Every table by its name."""
    return {
        "conditions": _conditions(results),
        "contestants": _contestants(results),
        "summary": _summary(results),
        "one-worker": _details(results.one_worker),
        "two-workers": _details(results.two_workers),
        "processes": _processes(results),
    }


def in_text(results: Results) -> str:
    """All tables, one after the other."""
    return "\n\n".join(text for text in tables(results).values() if text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, its columns aligned: numbers to the right."""
    body = [[*row] for row in rows]
    columns = [_column(cells) for cells in zip(head, *body, strict=True)]
    return "\n".join("| " + " | ".join(line) + " |" for line in zip(*columns, strict=True))


def _column(cells: Sequence[str]) -> list[str]:
    width = max(3, *map(len, cells))
    numbers = all(not cell or cell[0].isdigit() for cell in cells[1:])
    rule = "-" * (width - 1) + (":" if numbers else "-")
    aligned = [cell.rjust(width) if numbers else cell.ljust(width) for cell in cells]
    return [aligned[0], rule, *aligned[1:]]


def _conditions(results: Results) -> str:
    return table(
        ("condition", "value"),
        ((name.replace("_", " "), str(value)) for name, value in results.conditions.items()),
    )


def _contestants(results: Results) -> str:
    names = dict.fromkeys(name for each in results.one_worker for name in each.rounds)
    return table(("contestant", "what it is"), ((name, ALL[name].what) for name in names))


def _summary(results: Results) -> str:
    others = dict.fromkeys(name for each in results.one_worker for name in list(each.rounds)[1:])
    rows = (
        (f"{each.operation}, {each.database}", *(_ratio(each, name) for name in others))
        for each in results.one_worker
    )
    return table((SUMMARY_HEAD, *others), rows)


def _ratio(measured: Measured, name: str) -> str:
    return spread(measured.ratios("rate", JETON, name)) if name in measured.rounds else ""


def _details(found: Sequence[Measured]) -> str:
    if not found:
        return ""
    rows = [_row(each, name) for each in found for name in each.rounds]
    head = ("database", "operation", "contestant", "requests/s", "p50 ms", "p99 ms", "CPU us")
    return table((*head, "Jeton's rate over it", "its CPU over Jeton's"), rows)


def _row(each: Measured, name: str) -> tuple[str, ...]:
    figures = [spread(each.values("rate", name), 0)]
    figures += [spread(each.values(figure, name), 1) for figure in ("p50_ms", "p99_ms")]
    figures.append(spread(each.values("cpu_us", name), 0))
    cpu = spread(each.ratios("cpu_us", name, JETON))
    return (each.database, each.operation, name, *figures, _ratio(each, name), cpu)


def _processes(results: Results) -> str:
    rows = []
    for kind, contestants in results.memory.items():
        for name, memory in contestants.items():
            starts = results.start.get(kind, {}).get(name)
            start = spread(starts) if starts else ""
            rows.append((kind, name, f"{memory['rss_mib']:.0f}", f"{memory['pss_mib']:.0f}", start))
    head = ("database", "contestant", "RSS of a worker MiB", "PSS MiB", "start s")
    return table(head, rows)


def titles() -> str:
    """What is asked, as a list."""
    return "\n".join(f"- **{name}**: {title.partition(': ')[2]}" for name, title in TITLES.items())
