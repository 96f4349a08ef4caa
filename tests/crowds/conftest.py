"""Kept connections to both workers of a live server."""

from collections.abc import Callable, Iterator

import pytest

from tests.gateways.hammer import Door
from tests.live import Server

TRIES = 300

Doors = Callable[[int], list[Door]]


@pytest.fixture
def doors(server: Server) -> Iterator[Doors]:
    """Opens so many doors, every second of which introspects, until both workers have some."""
    opened: list[Door] = []

    def open_doors(count: int) -> list[Door]:
        workers: list[int] = []
        found: list[Door] = []
        for _ in range(TRIES):
            door = Door(server, introspects=len(found) % 2 == 1)
            opened.append(door)
            # The last place is for the worker that took no connection yet.
            if len(found) < count - 1 or {*workers, door.worker(server)} != {*workers[:1]}:
                found.append(door)
                workers.append(door.worker(server))
            if len(found) == count:
                return found
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
