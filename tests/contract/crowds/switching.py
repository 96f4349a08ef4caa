"""Clients that use a token all the time, each going over to its successor when it likes."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.gateways.hammer import Door


class Client:
    """A thread that asks with one secret after another and counts what it hears."""

    def __init__(self, door: Door, secret: str) -> None:
        self.door, self.secret = door, secret
        self.heard: Counter[bool] = Counter()
        self.thread = threading.Thread(target=self._run)
        self.stopped = False

    def _run(self) -> None:
        while not self.stopped:
            self.heard[self.door.passes(self.secret)] += 1


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

    def heard(self) -> Counter[bool]:
        """How many requests of the clients passed, and how many were refused."""
        return sum((client.heard for client in self.clients), Counter())
