"""Publishing: what was found goes into a folder, and its tables into the page that is there."""

import re
from pathlib import Path

from tests.bench import report
from tests.bench.chart import chart
from tests.bench.results import Results

PAGE, CHART = "README.md", "chart.svg"


def benchmark(results: Results, folder: Path) -> None:
    """The results, the chart, and the tables of the page."""
    results.save(folder)
    (folder / CHART).write_text(chart(results))
    page(folder, report.tables(results))


def page(folder: Path, tables: dict[str, str]) -> None:
    """Put tables between their marks; where there is no page yet, one of nothing but them."""
    path = folder / PAGE
    text = path.read_text() if path.exists() else _blank(tables)
    path.write_text(filled(text, tables))


def filled(text: str, tables: dict[str, str]) -> str:
    """The text with each table that is given between its marks."""
    for name, table in tables.items():
        if table:
            marks = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
            text = marks.sub(lambda found, table=table: f"{found[1]}{table}\n{found[2]}", text)
    return text


def _blank(tables: dict[str, str]) -> str:
    return "\n\n".join(f"<!-- table {name} -->\n<!-- end {name} -->" for name in tables) + "\n"
