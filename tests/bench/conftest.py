"""All contestants at once, on each database."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.bench.contestants import ALL, DEFAULT
from tests.bench.scene import Scene, build
from tests.bench.servers import Running, running, settings_for
from tests.conftest import DATABASES, need
from tests.databases import new_database


@dataclass
class Meeting:
    """All contestants on one database, the first of which is Jeton."""

    url: str
    servers: list[Running]
    scene: Scene

    def server(self, name: str) -> Running:
        """The contestant of that name."""
        (found,) = (each for each in self.servers if each.contestant.name == name)
        return found


@pytest.fixture(scope="package", params=DATABASES)
def meeting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Meeting]:
    """All contestants on each database."""
    need(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    everybody = [ALL[name] for name in DEFAULT]
    with (
        new_database(request.param, folder) as url,
        running(everybody, folder, settings_for(url)) as servers,
    ):
        yield Meeting(url, servers, build(servers[0]))
