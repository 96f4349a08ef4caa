"""What is made of samples: ratios, tables between their marks, layers of stacks."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.bench import load as wrk
from tests.bench import publish, report
from tests.bench.chart import chart
from tests.bench.contestants import ALL, DEFAULT
from tests.bench.growth import report as growth
from tests.bench.load import Sample
from tests.bench.profile.layers import SERVER, by_layer, layer_of
from tests.bench.results import Measured, Results, load, spread
from tests.bench.servers import Running
from tests.live import ROOT

CONDITIONS = {"date": "2026-11-25", "rounds": 2, "seconds": 1, "connections": 16, "cpus": 2}
CONDITIONS |= {"python": "3.11"}
PAGE = "before\n<!-- table summary -->\nold\n<!-- end summary -->\nbehind\n"


def samples(*rates: float) -> list[Sample]:
    """A sample of each rate."""
    return [Sample(100, rate, 1.0, 2.0, 1e6 / rate) for rate in rates]


@pytest.fixture
def results() -> Results:
    """Two rounds of two contestants on one database."""
    rounds = {"jeton": samples(100, 250), "bare": samples(200, 400)}
    memory = {"sqlite": {name: {"rss_mib": 50.0, "pss_mib": 40.0} for name in rounds}}
    start = {"sqlite": {name: [1.0, 2.0] for name in rounds}}
    measured = [Measured("sqlite", "share", rounds)]
    return Results(dict(CONDITIONS), measured, memory=memory, start=start)


def test_ratios_compare_within_a_round(results: Results) -> None:
    """Not the medians are divided, but neighbours."""
    assert results.one_worker[0].ratios("rate", "jeton", "bare") == [0.5, 0.625]
    assert spread([0.5, 0.75]) == "0.62 (0.50-0.75)"


def test_results_come_back_from_their_file(results: Results, tmp_path: Path) -> None:
    """What was saved is what is loaded."""
    results.save(tmp_path)
    again = load(tmp_path)
    assert report.in_text(again) == report.in_text(results)
    assert "0.56 (0.50-0.62)" in report.tables(again)["summary"]


def test_the_summary_has_a_column_for_each_other_contestant(results: Results) -> None:
    """And a row for each operation and database, with a gap where somebody was not measured."""
    results.one_worker += [
        Measured("postgresql", "share", {"jeton": samples(300), "fastapi": samples(100)})
    ]
    told = [line.split("|")[1:-1] for line in report.tables(results)["summary"].splitlines()]
    head, _, *found = [[cell.strip() for cell in cells] for cells in told]
    assert head[1:] == ["bare", "fastapi"]
    assert found == [
        ["share, sqlite", "0.56 (0.50-0.62)", ""],
        ["share, postgresql", "", "3.00 (3.00-3.00)"],
    ]


def test_tables_stand_between_their_marks() -> None:
    """What is around them stays, and they can be filled again."""
    once = publish.filled(PAGE, {"summary": "new", "other": "nowhere"})
    assert once == PAGE.replace("old", "new")
    assert publish.filled(once, {"summary": "old"}) == PAGE


def test_the_page_has_marks_for_every_table(results: Results) -> None:
    """No table is made and not shown."""
    page = (ROOT / "docs" / "benchmarks" / "README.md").read_text()
    for name in (*report.tables(results), "growth", "profile"):
        assert f"<!-- table {name} -->" in page
        assert f"<!-- end {name} -->" in page


def test_the_chart_has_a_bar_for_each_contestant(results: Results) -> None:
    """And a line from the least to the most."""
    drawn = chart(results)
    assert drawn.count("<line") == 2
    assert "jeton: 0.56" in drawn


def test_each_contestant_of_a_whole_run_has_its_own_colour() -> None:
    """So that bars can be told apart."""
    assert len({ALL[name].colour for name in DEFAULT}) == len(DEFAULT)


@pytest.mark.parametrize(
    ("stack", "layer"),
    [
        ("run (/x/asyncio/runners.py:1);fault (/x/handlers/wire/schemas.py:9)", SERVER),
        (
            "check (/x/handlers/wire/answers.py:1);fault (/x/handlers/wire/schemas.py:9)",
            "validation of answers",
        ),
        ("run (/x/handlers/wire/bridge.py:1);list (/x/handlers/tokens.py:9)", "handler"),
        ("list (/x/handlers/tokens.py:9);execute_sql (/x/peewee.py:3)", "models and SQL"),
        ("run (/x/handlers/wire/bridge.py:1);go (/x/handlers/wire/new.py:9)", "wire/new.py"),
    ],
)  # fmt: skip
def test_a_stack_is_in_the_layer_of_its_innermost_known_frame(stack: str, layer: str) -> None:
    """What works for all counts for its caller; what is new in the wire stands by itself."""
    assert layer_of(stack) == layer
    assert by_layer([f"{stack} 3"])[layer] == 1


def test_a_thread_that_waits_for_work_takes_no_time() -> None:
    """The profiler sees it, but no CPU is spent."""
    waiting = "run (/x/threading.py:1);_worker (/x/concurrent/futures/thread.py:81)"
    working = f"{waiting};commit (/x/peewee.py:3)"
    found = by_layer([f"{waiting} 7", f"{working} 3"])
    assert found == {layer: float(layer == "models and SQL") for layer in found}


def test_a_server_is_at_rest_when_it_takes_no_more_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left of a load is waited for, so that the next contestant is loaded alone."""
    server, spent = SimpleNamespace(workers=[1]), iter((0.0, 0.05, 0.1, 0.11, 0.2))
    monkeypatch.setattr(wrk, "GLANCE_SECONDS", 0)
    monkeypatch.setattr(wrk, "cpu_seconds", lambda _: next(spent))
    wrk.rest(cast(Running, server))
    assert list(spent) == [0.2]


def test_growth_is_told_as_ratios() -> None:
    """The large store over the small one, within a round."""
    small, large = ([vars(each) for each in samples(rate, 200)] for rate in (100, 50))
    told = {
        "stores": {size: {"tokens": 1_000, "load_s": 1.0} for size in ("small", "large")},
        "rounds": {"verify": {"small": small, "large": large}},
        "start_s": {"small": [1.0], "large": [2.0]},
    }
    conditions = {**CONDITIONS, "commit": "1", "load_at_start": 0}
    table = growth.tables({"conditions": conditions, "databases": {"sqlite": told}})["growth"]
    assert "0.75 (0.50-1.00)" in table
    assert "2.00 (2.00-2.00)" in table
