"""`make bench-growth`: does it matter how many tokens a store holds?"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.bench import load, publish, rows
from tests.bench.conditions import conditions, warning
from tests.bench.contestants import JETON
from tests.bench.growth.questions import questions
from tests.bench.growth.report import FILE, tables
from tests.bench.growth.stores import PROJECT, Grown, fill
from tests.bench.plan import PRIVATE, PUBLISHED
from tests.bench.servers import Running, running, settings_for, start_seconds
from tests.conftest import DATABASES
from tests.databases import new_database, postgres_server

SMALL, LARGE = 1, 1_000
STARTS = 3


def main() -> None:
    """Fill a small and a large store on each database, and measure both in turn."""
    options = _options()
    found: dict[str, Any] = {"conditions": conditions(options.rounds, options.seconds)}
    found["databases"] = {}
    try:
        load.require()
        for kind in options.databases:
            if kind == "postgresql" and postgres_server() is None:
                print("NO POSTGRESQL SERVER WAS FOUND: it is left out")
                continue
            found["databases"][kind] = _grown(kind, options)
    except load.Unmeasurable as why:
        sys.exit(f"bench-growth: {why}")
    folder = PUBLISHED if options.projects == LARGE and len(found["databases"]) > 1 else PRIVATE
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(json.dumps(found, indent=1) + "\n")
    publish.page(folder, tables(found))
    print("\n\n".join(tables(found).values()))
    if caveat := warning(found["conditions"]):
        print(caveat)


def _grown(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    with _store(kind, SMALL) as small, _store(kind, options.projects) as large:
        stores = {"small": small, "large": large}
        measured = {
            name: _interleaved(stores, name, options.rounds, options.seconds)
            for name in questions(small)
        }
        told = {
            name: {"tokens": each.tokens, "load_s": each.seconds} for name, each in stores.items()
        }
        starts = _starts(stores)
    return {"stores": told, "rounds": measured, "start_s": starts}


def _interleaved(
    stores: dict[str, Grown], name: str, rounds: int, seconds: int
) -> dict[str, list[dict[str, float]]]:
    """A sample of each store in each round; the other one goes first each time."""
    for grown in stores.values():
        load.warm(grown.server, questions(grown)[name], "new-warm")
    found: dict[str, list[dict[str, float]]] = {each: [] for each in stores}
    for number in range(rounds):
        for store, grown in list(stores.items())[:: 1 if number % 2 else -1]:
            _forget_new(grown)
            sample = load.measure(grown.server, questions(grown)[name], seconds, f"new-{number}")
            found[store].append(vars(sample))
        print(f"{name}: round {number + 1} of {rounds}", flush=True)
    return found


def _forget_new(grown: Grown) -> None:
    """Take away what creating has added, so that each round meets the same store."""
    url = grown.server.settings["JETON_DATABASE_URL"]
    rows.execute(url, "DELETE FROM token WHERE project_id = ? AND name > ? AND name < ?", (
        PROJECT.format(grown.projects // 2), "new-", "new."
    ))  # fmt: skip


def _starts(stores: dict[str, Grown]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in stores}
    for _ in range(STARTS):
        for name, grown in stores.items():
            grown.server.stop()
            found[name].append(start_seconds(grown.server))
    return found


@contextmanager
def _store(kind: str, projects: int) -> Iterator[Grown]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jeton-bench-")))
        url = stack.enter_context(new_database(kind, folder))
        (server,) = stack.enter_context(running((JETON,), folder, settings_for(url)))
        yield fill(_checked(server), projects)


def _checked(server: Running) -> Running:
    assert server.workers, server.log()
    return server


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-growth GROWTH=...", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--projects", type=int, default=LARGE, help="of 1,000 tokens each")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=[*DATABASES])
    return parser.parse_args()


if __name__ == "__main__":
    main()
