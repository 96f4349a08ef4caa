"""Random interleavings of all operations by many callers agree with a model in memory.

`make contract-model` runs the long form, `make contract-model-short` the short one. A disagreement
prints its steps; the same MODEL_SEED and MODEL_FORM find it again.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase

from tests.conftest import DATABASES, need
from tests.contract.model.effects import EFFECTS
from tests.contract.model.explore import SEED, STEPS, Form, explore
from tests.contract.model.moments import DAY
from tests.contract.model.stage import Stage, staged
from tests.contract.model.tables import operations
from tests.databases import new_database

pytestmark = pytest.mark.model
KEPT = 30 * DAY


@pytest.fixture(params=DATABASES)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A live server of two workers on each database; says in the end what was done on it."""
    need(request.param)
    start = time.monotonic()
    with new_database(request.param, tmp_path) as url, staged(url, tmp_path) as found:
        yield found
        print(f"\n{request.param}: {found.runs} runs of {STEPS} steps,", end=" ")
        print(f"{found.wire.sent} requests, {len(found.secrets)} tokens,", end=" ")
        print(f"{time.monotonic() - start:.0f} s, MODEL_SEED={SEED}")


def test_the_server_agrees_with_the_model(stage: Stage) -> None:
    """Whatever callers do in whatever order, every answer, list and event is the model's.

    A month after its end each token is forgotten, and not a millisecond earlier.
    """
    runs = Form.asked().runs(stage.server.settings["JETON_DATABASE_URL"])
    explore(stage, runs, Phase.generate, Phase.shrink)
    assert stage.runs >= runs
    assert not missed(stage)
    last = stage.clock.now()
    most, rest = (purged(stage, last + ahead) for ahead in (KEPT - 1, KEPT))
    assert rest > 0
    assert most + rest == len(stage.secrets)
    assert "Traceback" not in stage.server.log()


def purged(stage: Stage, at: int) -> int:
    """How many dead tokens `jeton purge` forgets at an instant."""
    stage.clock.move(at)
    told = stage.server.jeton("purge").stdout
    return int(told.removeprefix("purged ").removesuffix(" tokens\n"))


def missed(stage: Stage) -> set[str]:
    """The operations of the model that never succeeded."""
    known = operations()
    return {name for name in EFFECTS if not stage.seen[name, known[name].success]}
