"""Measure one worker of Jeton against a stock Connexion FlaskApp, side by side."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench import load, report
from tests.bench.contestants import (
    AGAINST_STOCK,
    EVENT_LOOPS,
    Contestant,
    Running,
    differences,
    machine,
    running,
    share_of_new_project,
)
from tests.live import ROOT

WARM_UP_SECONDS = 1


def main() -> None:
    """Run the benchmark that the arguments ask for."""
    options = _options()
    contestants, baseline = EVENT_LOOPS if options.workers_compare else AGAINST_STOCK
    told = {
        "machine": machine(),
        "versions": report.versions(),
        "conditions": report.conditions(options.rounds, options.seconds),
    }
    print("\n".join(told.values()), flush=True)
    try:
        rounds = _compare(contestants, options.rounds, options.seconds)
    except load.Unmeasurable as why:
        sys.exit(f"bench: {why}")
    print("\n" + report.table(rounds, baseline.name))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    found = report.as_json(rounds, baseline.name, told)
    options.json.write_text(json.dumps(found, indent=2) + "\n")


def _compare(contestants: Sequence[Contestant], rounds: int, seconds: int) -> report.Rounds:
    load.require()
    with (
        tempfile.TemporaryDirectory(prefix="jeton-bench-") as folder,
        running(contestants, Path(folder)) as servers,
    ):
        question = share_of_new_project(servers[0].url)
        differing = differences(question, servers)
        if differing:
            raise load.Unmeasurable("\n".join(["the answers differ:", *differing]))
        print("All answer 200 and the same bytes.", flush=True)
        for server in servers:
            load.measure(server, question, WARM_UP_SECONDS)
        found: report.Rounds = {contestant.name: [] for contestant in contestants}
        for number in range(rounds):
            for server in _in_turn(servers, number):
                found[server.contestant.name].append(load.measure(server, question, seconds))
            print(f"round {number + 1} of {rounds}", flush=True)
    return found


def _in_turn(servers: Sequence[Running], number: int) -> list[Running]:
    """Another one goes first in each round."""
    first = number % len(servers)
    return [*servers[first:], *servers[:first]]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=_positive, default=5, help="default: %(default)s")
    parser.add_argument(
        "--seconds", type=_positive, default=4, help="of each round; default: %(default)s"
    )
    parser.add_argument(
        "--workers-compare",
        action="store_true",
        help="compare the asgi worker's event loops, uvloop and asyncio, instead",
    )
    parser.add_argument(
        "--json", type=Path, default=ROOT / "build" / "bench.json", help="where all samples go"
    )
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    main()
