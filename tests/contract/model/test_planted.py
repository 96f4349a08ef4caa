"""The model can fail: faults that are planted into a server are found."""

from pathlib import Path

import pytest
from hypothesis import Phase
from hypothesis.errors import Flaky

from tests.contract.model.explore import Form, explore
from tests.contract.model.planted.sitecustomize import FAULTS
from tests.contract.model.run import Stage
from tests.live import ROOT, Server

RUNS = 300
FOLDER = Path(__file__).parent / "planted"
TRIED = [fault.__name__ for fault in FAULTS][: Form.asked().value[2]]


@pytest.mark.model
@pytest.mark.parametrize("fault", TRIED)
def test_a_planted_fault_is_found(fault: str, tmp_path: Path) -> None:
    """The machine disagrees with a server that has a fault, within three hundred runs."""
    path, url = f"{FOLDER}:{ROOT}", f"sqlite:///{tmp_path / 'jeton.db'}"
    server = Server(tmp_path, PYTHONPATH=path, PLANTED=fault, JETON_DATABASE_URL=url).start()
    stage = Stage(server)
    try:
        with pytest.raises((AssertionError, Flaky)):
            explore(stage, RUNS, Phase.generate)
        print(f"\n{fault}: found in run {stage.disagreed} after {stage.wire.sent} requests")
    finally:
        stage.close()
        server.stop()
