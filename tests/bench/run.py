"""The run: contestants started on one database, held equal, and loaded in turn."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench import load, rows, same
from tests.bench.contestants import Contestant
from tests.bench.operations import Question, questions
from tests.bench.plan import Plan
from tests.bench.processes import memory_mib
from tests.bench.results import Measured, Results, Rounds
from tests.bench.scene import Scene, build
from tests.bench.servers import Running, running, settings_for, start_seconds
from tests.databases import new_database

SETTLING_SECONDS = 0.3
Tell = Callable[[str], None]


def on_database(kind: str, plan: Plan, results: Results, tell: Tell) -> None:
    """Measure all that the plan asks for on one kind of database."""
    with _place(kind) as (folder, settings):
        with running(plan.contestants, folder, settings) as servers:
            scene = build(servers[0])
            require_equal(servers, scene)
            tell(f"{kind}: all contestants answer the same bytes and write the same rows.")
            asked = questions(scene)
            for name in plan.operations:
                tell(f"{kind}: {name}")
                found = interleaved(servers, asked[name], plan.rounds, plan.seconds)
                results.one_worker.append(Measured(kind, name, found))
                results.save(plan.folder)
            results.memory[kind] = {each.contestant.label: _memory(each) for each in servers}
        if plan.scaled:
            _scaling(kind, plan, results, tell, folder, settings, scene)
        results.start[kind] = _starts(plan, folder, settings)
        results.save(plan.folder)


def require_equal(servers: Sequence[Running], scene: Scene) -> None:
    """Raise Unmeasurable where the contestants do not do the same."""
    found = same.differences(servers, scene, servers[0].settings["JETON_DATABASE_URL"])
    if found:
        raise load.Unmeasurable("\n".join(["the contestants differ:", *found]))


def interleaved(
    servers: Sequence[Running], question: Question, rounds: int, seconds: int
) -> Rounds:
    """A sample of each in each round; another one goes first each time."""
    for server in servers:
        load.warm(server, question, server.contestant.name)
    _settle(question, servers[0].settings["JETON_DATABASE_URL"])
    found: Rounds = {server.contestant.label: [] for server in servers}
    for number in range(rounds):
        first = number % len(servers)
        for server in (*servers[first:], *servers[:first]):
            sample = _sample(server, question, seconds, f"round-{number}")
            found[server.contestant.label].append(sample)
    return found


def _sample(server: Running, question: Question, seconds: int, name: str) -> load.Sample:
    if question.endless is None:
        return load.measure(server, question, seconds, name)
    url = server.settings["JETON_DATABASE_URL"]
    before = rows.created(url)
    name = f"{server.contestant.label}-{name}".replace(" ", "-")
    sample = load.measure(server, question, seconds, name)
    time.sleep(SETTLING_SECONDS)  # some were on their way when wrk stopped
    written = [now - then for now, then in zip(rows.created(url), before, strict=True)]
    rows.forget_created(url)
    # Those that were on their way are written, but not counted.
    if not all(0 <= many - sample.requests <= load.CONNECTIONS for many in written):
        raise load.Unmeasurable(f"{server.contestant.label}: {sample} wrote {written}")
    return sample


def _settle(question: Question, url: str) -> None:
    if question.endless is not None:
        time.sleep(SETTLING_SECONDS)
        rows.forget_created(url)


def _scaling(
    kind: str, plan: Plan, results: Results, tell: Tell, folder: Path,
    settings: dict[str, str], scene: Scene,
) -> None:  # fmt: skip
    with running(plan.scaling, folder, settings) as servers:
        for name in plan.scaled:
            tell(f"{kind}: {name} with two workers")
            found = interleaved(servers, questions(scene)[name], plan.rounds, plan.seconds)
            results.two_workers.append(Measured(kind, name, found))
            results.save(plan.folder)


def _memory(server: Running) -> dict[str, float]:
    """Of its first worker, after all that load."""
    return memory_mib(server.workers[0])


def _starts(plan: Plan, folder: Path, settings: dict[str, str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {each.label: [] for each in plan.contestants}
    for _ in range(plan.starts):
        for each in plan.contestants:
            found[each.label].append(_start(each, folder, settings))
    return found


def _start(contestant: Contestant, folder: Path, settings: dict[str, str]) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as own:
        server = Running(contestant, Path(own), **settings)
        try:
            return start_seconds(server)
        finally:
            server.stop()


@contextmanager
def _place(kind: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder and the settings for a new database."""
    with tempfile.TemporaryDirectory(prefix="jeton-bench-") as name:
        folder = Path(name)
        with new_database(kind, folder) as url:
            yield folder, settings_for(url)
