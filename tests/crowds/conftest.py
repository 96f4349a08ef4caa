"""Kept connections to both workers of a live server."""

from collections.abc import Callable, Iterator

import pytest

from tests.gateways.hammer import Door
from tests.live import Server

Doors = Callable[[int], list[Door]]


@pytest.fixture
def doors(server: Server) -> Iterator[Doors]:
    """Opens so many doors, every second of which introspects, until both workers have some."""
    opened: list[Door] = []

    def open_doors(count: int) -> list[Door]:
        for _ in range(20):
            found = [Door(server, introspects=number % 2 == 1) for number in range(count)]
            if len({door.worker(server) for door in found}) == 2:
                opened.extend(found)
                return found
            close(found)
        raise AssertionError("one worker took all connections")

    yield open_doors
    close(opened)


def close(doors: list[Door]) -> None:
    """Close the connections."""
    for door in doors:
        door.http.close()


@pytest.fixture
def on(server: Server) -> str:
    """The database that the figures are of."""
    return server.settings["JETON_DATABASE_URL"].partition(":")[0]
