"""Clients that use a token all the time, each going over to its successor when it likes."""

import threading
import time
from dataclasses import dataclass, field

from tests.gateways.hammer import Door


class Client:
    """A thread that asks with one secret after another, and notes each refusal."""

    def __init__(self, door: Door, secret: str) -> None:
        self.door, self.secret = door, secret
        self.passed = 0
        self.refused: list[Refused] = []
        self.thread = threading.Thread(target=self._run)
        self.stopped = False

    def _run(self) -> None:
        while not self.stopped:
            secret, sent = self.secret, time.time()
            if self.door.passes(secret):
                self.passed += 1
            else:
                self.refused.append(Refused(secret, sent, time.time(), self.door.status))


@dataclass(frozen=True)
class Refused:
    """A request that was refused: between which seconds since 1970, and with which status."""

    secret: str
    sent: float
    answered: float
    status: int

    def told(self, end: float) -> str:
        """The status, and the seconds from the end of the token to both moments."""
        sent, answered = self.sent - end, self.answered - end
        return f"{self.status}: sent at {sent:+.3f} s, answered at {answered:+.3f} s"


@dataclass
class Retired:
    """An old secret, the second since 1970 at which it retires, and what was heard of it."""

    secret: str
    retires: float
    passed: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether it has been refused for a while."""
        return time.time() > self.retires + 1.2


class Watch:
    """A thread that keeps asking one worker about old secrets until their time is long over."""

    def __init__(self, door: Door, current: str) -> None:
        self.door, self.current = door, current
        self.seen: list[Retired] = []
        self.thread = threading.Thread(target=self._run)
        self.stopped = False

    def add(self, secret: str, retires: float) -> None:
        """Watch one more."""
        self.seen.append(Retired(secret, retires))

    def _run(self) -> None:
        while not self.stopped or not all(one.is_over for one in self.seen):
            self.door.passes(self.current)
            for one in [one for one in self.seen if not one.is_over]:
                sent = time.time()
                (one.passed if self.door.passes(one.secret) else one.refused).append(sent)
            time.sleep(0.005)


class Crowd:
    """Clients and watches that run until the block ends."""

    def __init__(self, clients: list[Client], watches: list[Watch]) -> None:
        self.clients, self.watches = clients, watches

    def __enter__(self) -> "Crowd":
        for each in (*self.clients, *self.watches):
            each.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (*self.clients, *self.watches):
            each.stopped = True
        for each in (*self.clients, *self.watches):
            each.thread.join()

    def switch(self, secret: str, seconds: float) -> None:
        """Let the clients go over to a secret, one after the other, within that time."""
        for client in self.clients:
            client.secret = secret
            time.sleep(seconds / len(self.clients))

    @property
    def passed(self) -> int:
        """How many requests of the clients passed."""
        return sum(client.passed for client in self.clients)

    def refusals(self) -> list[str]:
        """What is known of each request that was refused."""
        ends = {one.secret: one.retires for watch in self.watches for one in watch.seen}
        refused = [each for client in self.clients for each in client.refused]
        return [each.told(ends.get(each.secret, each.sent)) for each in refused]
