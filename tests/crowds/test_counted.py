"""Limits that count, with fifty callers at both workers: as many as are granted, and no more."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.actors import TOKENS
from tests.conftest import Team
from tests.contract.managing import managed
from tests.crowds import LONG
from tests.crowds.conftest import Doors
from tests.gateways.hammer import Door

CALLERS = 50
USES = 1_000 if LONG else 200
RATE, RATE_SECONDS = 100, 30 if LONG else 3


def crowd(found: list[Door], ask: Callable[[Door], None]) -> None:
    """Let all ask at the same moment; what one raises is raised."""
    together = threading.Barrier(len(found))

    def go(door: Door) -> None:
        together.wait()
        ask(door)

    with ThreadPoolExecutor(len(found)) as pool:
        list(pool.map(go, found))


def test_exactly_as_many_uses_pass_as_remain(team: Team, doors: Doors, on: str) -> None:
    """However many come, at whichever worker and door: not one more, and not one less."""
    token = managed(team, TOKENS)
    token.change(remainingUses=USES).raise_for_status()
    tries, heard = count(), list[bool]()

    def ask(door: Door) -> None:
        while next(tries) < USES * 3 // 2:
            heard.append(door.passes(token.secret))

    callers = doors(CALLERS)
    began = time.monotonic()
    crowd(callers, ask)
    lasted = time.monotonic() - began
    print(f"\n{on}: {len(heard)} tries of {CALLERS} in {lasted:.1f} s, {sum(heard)} passed")
    assert sum(heard) == USES
    assert token.show()["remainingUses"] == 0


def test_a_rate_is_not_exceeded_in_any_second(team: Team, doors: Doors, on: str) -> None:
    """No stretch of a second holds more grants than the limit, wherever it begins."""
    token = managed(team, TOKENS)
    token.change(rateLimit=f"{RATE}/second").raise_for_status()
    granted: list[tuple[float, float]] = []
    callers = doors(CALLERS)
    deadline = time.monotonic() + RATE_SECONDS

    def ask(door: Door) -> None:
        while (sent := time.monotonic()) < deadline:
            if door.passes(token.secret):
                granted.append((sent, time.monotonic()))

    crowd(callers, ask)
    most = busiest(granted)
    print(f"\n{on}: {len(granted)} grants in {RATE_SECONDS} s, {most} in the busiest second")
    assert len(granted) > RATE
    assert most <= RATE


def busiest(granted: list[tuple[float, float]]) -> int:
    """The most grants that were surely within one second: sent and answered in it."""
    return max(
        sum(1 for sent, answered in granted if sent >= began and answered <= began + 1)
        for began, _ in granted
    )
