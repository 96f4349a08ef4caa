"""Rotation under load: nobody is refused who goes over in the grace, nobody passes after it."""

import time
from datetime import datetime

from tests.actors import TOKENS
from tests.conftest import Team
from tests.contract.managing import Managed, managed
from tests.crowds import LONG
from tests.crowds.conftest import Doors
from tests.crowds.switching import Client, Crowd, Watch
from tests.gateways.hammer import Hammer
from tests.live import Server

CONNECTIONS, ROTATIONS = 16, 10
PERIOD_SECONDS, GRACE_SECONDS = (6.0, 3) if LONG else (0.6, 1)
FIRST_USES = 60 if LONG else 5
# A retired token may pass for so long, in seconds.
LATENESS = 1.0


def successor(token: Managed, **terms: object) -> Managed:
    """The successor of a token."""
    told = token.do("rotate", **terms)
    assert told.status_code == 201, told.text
    return Managed(token.team, told.json()["token"]["id"], told.json()["secret"])


def go_through(crowd: Crowd, token: Managed) -> None:
    """Rotate again and again while the crowd goes over in the middle of each grace."""
    for _ in range(ROTATIONS):
        began, new = time.monotonic(), successor(token, graceSeconds=GRACE_SECONDS)
        retires = datetime.fromisoformat(token.show()["retiresAt"]).timestamp()
        for watch in crowd.watches:
            watch.add(token.secret, retires)
            watch.current = new.secret
        crowd.switch(new.secret, PERIOD_SECONDS / 2)
        token = new
        time.sleep(max(0.0, PERIOD_SECONDS - (time.monotonic() - began)))


def test_a_rotation_with_grace_refuses_nobody(team: Team, doors: Doors, on: str) -> None:
    """Of the requests of clients that go over mid-way none is refused, of those after it all."""
    token = managed(team, TOKENS)
    clients = [Client(door, token.secret) for door in doors(CONNECTIONS)]
    watches = [Watch(door, token.secret) for door in doors(2)]
    with Crowd(clients, watches) as crowd:
        began = time.monotonic()
        go_through(crowd, token)
        lasted = time.monotonic() - began
    retired = [one for watch in watches for one in watch.seen]
    assert crowd.refusals() == []
    assert crowd.passed > CONNECTIONS * ROTATIONS
    assert len(retired) == 2 * ROTATIONS
    assert all(one.passed and one.refused for one in retired)
    late = [max(one.passed) - one.retires for one in retired]
    print(f"\n{on}: {ROTATIONS} rotations in {lasted:.0f} s, {crowd.passed} passed, none refused")
    print(f"last pass of an old one {max(late) * 1000:.1f} ms after its grace")
    assert max(late) <= LATENESS


def test_the_first_use_of_the_new_one_ends_the_old_at_once(
    server: Server, team: Team, doors: Doors, on: str
) -> None:
    """No question about the old one passes that is asked after the new one was let in."""
    hammered = doors(CONNECTIONS)
    used_at: list[float] = []
    with Hammer(server, hammered) as hammer:
        for number in range(FIRST_USES):
            old = managed(team, TOKENS, name=f"token-{number}")
            hammer.target = number, old.secret
            hammer.until(number, passed=True)
            new = successor(old, graceSeconds=3600, endOnFirstUse=True)
            hammer.until(number, passed=True, after=time.perf_counter())
            assert new.holder()("GET", "/v1/self").status_code == 200
            used_at.append(time.perf_counter())
            hammer.until(number, passed=False, after=used_at[-1])
    late = [one for one in hammer.asked if one.passed and one.sent > used_at[one.token]]
    in_flight = [one for one in hammer.asked if one.sent <= used_at[one.token] < one.answered]
    print(f"\n{on}: {FIRST_USES} first uses, {len(hammer.asked)} questions, ", end="")
    print(f"{len(in_flight)} in flight; {len(late)} passed that were asked after one")
    assert in_flight
    assert late == []
