"""A live server, one that grants little, and each generator with its client made."""

import shutil
from collections.abc import Iterator

import pytest

from tests.clients.generators import GENERATORS, Generator
from tests.live import Server

NOT_FOUND = "{needs} WAS NOT FOUND: nothing was tested of the client in {title}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A live server on SQLite, of one worker, so that its log has the order of its answers."""
    running = Server(tmp_path_factory.mktemp("clients"), JETON_WORKERS="1").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A live server that grants each caller five requests a minute."""
    folder = tmp_path_factory.mktemp("strict")
    running = Server(folder, JETON_RATE_LIMIT="5/minute").start()
    yield running
    running.stop()


@pytest.fixture(scope="session", params=GENERATORS, ids=[each.name for each in GENERATORS])
def generator(request: pytest.FixtureRequest) -> Generator:
    """Each generator in turn; it has made its client, and the programs fit."""
    made: Generator = request.param
    if shutil.which(made.needs, path=made.path) is None:
        pytest.skip(NOT_FOUND.format(needs=made.needs, title=made.title))
    made.make()
    return made
