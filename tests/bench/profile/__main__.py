"""`make profile`: microseconds a request and layer, of one worker on SQLite."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import load, publish
from tests.bench.conditions import conditions, warning
from tests.bench.contestants import JETON
from tests.bench.operations import questions
from tests.bench.plan import PUBLISHED
from tests.bench.profile.report import FILE, LABELS, tables
from tests.bench.profile.sampling import profiled
from tests.bench.scene import build
from tests.bench.servers import running

OPERATIONS = ("share", "introspect", "forward-auth", "list-100", "create")


def main() -> None:
    """Profile some operations and put the result beside the other one."""
    options = _options()
    try:
        load.require()
        measured = _measured(options)
    except load.Unmeasurable as why:
        sys.exit(f"profile: {why}")
    file = options.into / FILE
    found = json.loads(file.read_text()) if file.exists() else {}
    found[options.label] = measured
    options.into.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    publish.page(options.into, tables(found))
    print("\n\n".join(tables(found).values()))
    if caveat := warning(measured["conditions"]):
        print(caveat)


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    told = conditions(options.rounds, options.seconds)
    with (
        tempfile.TemporaryDirectory(prefix="jeton-bench-") as folder,
        running((JETON,), Path(folder)) as (server,),
    ):
        asked = questions(build(server))
        layers = {}
        for name in OPERATIONS:
            print(f"profiling {name}", flush=True)
            found = profiled(server, asked[name], options.seconds, options.rounds)
            layers[name] = {layer: round(cost, 1) for layer, cost in found.items()}
    return {"conditions": told, "microseconds": layers}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make profile PROFILE=...", description=__doc__)
    parser.add_argument("--label", choices=LABELS, default="after", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="of measuring the cost")
    parser.add_argument("--seconds", type=int, default=2, help="of each round")
    parser.add_argument("--into", type=Path, default=PUBLISHED, help="the folder for results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
