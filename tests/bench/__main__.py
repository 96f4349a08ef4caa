"""`make bench`: measure Jeton beside its twins and write what was found."""

import sys
import time

from tests.bench import load, publish
from tests.bench.conditions import conditions, warning
from tests.bench.plan import Plan, planned
from tests.bench.report import in_text
from tests.bench.results import Results
from tests.bench.run import on_database
from tests.databases import postgres_server


def main() -> None:
    """Run the plan that the arguments ask for."""
    plan = planned()
    try:
        load.require()
        results = _measured(plan)
    except load.Unmeasurable as why:
        sys.exit(f"bench: {why}")
    print(in_text(results))
    publish.benchmark(results, plan.folder)
    if caveat := warning(results.conditions):
        print(caveat)


def _measured(plan: Plan) -> Results:
    results = Results(conditions(plan.rounds, plan.seconds))
    print("\n".join(f"{name}: {value}" for name, value in results.conditions.items()))
    print(f"This takes about {plan.minutes:.0f} minutes.", flush=True)
    if caveat := warning(results.conditions):
        print(caveat)
    began = time.monotonic()
    for kind in plan.databases:
        if kind == "postgresql" and postgres_server() is None:
            print("NO POSTGRESQL SERVER WAS FOUND: it is left out (set JETON_TEST_POSTGRES)")
            continue
        on_database(kind, plan, results, lambda text: _tell(began, text))
    return results


def _tell(began: float, text: str) -> None:
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    print(f"[{minutes:2}:{seconds:02}] {text}", flush=True)


if __name__ == "__main__":
    main()
