"""Kept connections to both workers of a live server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.gateways.hammer import Door, kept_doors
from tests.live import Server

Doors = Callable[[int], list[Door]]


@pytest.fixture
def doors(server: Server) -> Iterator[Doors]:
    """Opens so many doors, as many to each worker, every second of which introspects."""
    with ExitStack() as opened:
        yield lambda count: opened.enter_context(kept_doors(server, count))


@pytest.fixture
def on(server: Server) -> str:
    """The database that the figures are of."""
    return server.settings["JETON_DATABASE_URL"].partition(":")[0]
