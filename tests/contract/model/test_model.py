"""Random interleavings of all operations by many callers agree with a model in memory.

`make contract-model` runs the long form, `make contract-model-short` the short one. A disagreement
prints its steps; the same MODEL_SEED and MODEL_FORM find it again.
"""

import time
from collections.abc import Iterator

import pytest
from hypothesis import Phase
from inflection import underscore

from tests.contract.model import effects
from tests.contract.model.explore import SEED, STEPS, Form, explore
from tests.contract.model.run import Stage
from tests.contract.model.tables import operations
from tests.live import Server

pytestmark = pytest.mark.model


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    """A live server of two workers on each database; says in the end what was done on it."""
    found, start = Stage(server), time.monotonic()
    yield found
    found.close()
    kind = server.settings["JETON_DATABASE_URL"].partition(":")[0]
    print(f"\n{kind}: {found.runs} runs of {STEPS} steps, {found.wire.sent} requests,", end=" ")
    print(f"{len(found.secrets)} tokens, {time.monotonic() - start:.0f} s, MODEL_SEED={SEED}")


def test_the_server_agrees_with_the_model(stage: Stage, server: Server) -> None:
    """Whatever callers do in whatever order, every answer, list and event is the model's."""
    runs = Form.asked().runs(server.settings["JETON_DATABASE_URL"])
    explore(stage, runs, Phase.generate, Phase.shrink)
    assert stage.runs >= runs
    assert not missed(stage)
    assert "Traceback" not in server.log()


def missed(stage: Stage) -> set[str]:
    """The operations of the model that never succeeded."""
    known = [o for o in operations().values() if hasattr(effects, underscore(o.id))]
    return {o.id for o in known if not stage.seen[o.id, o.success]}
