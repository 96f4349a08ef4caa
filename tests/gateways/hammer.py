"""Connections that ask one question again and again while its answer changes under them."""

import http.client
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.live import ROOT_TOKEN, Server

FORM = "application/x-www-form-urlencoded"
SECONDS = 30


@dataclass(frozen=True)
class Asked:
    """One question about a token: when it was sent and answered, by whom, and whether it passed."""

    token: int
    sent: float
    answered: float
    worker: int
    passed: bool


class Door:
    """A kept connection to one worker: forward authentication or introspection."""

    def __init__(self, server: Server, introspects: bool = False) -> None:
        self.http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
        self.http.connect()
        self.introspects = introspects

    def passes(self, secret: str) -> bool:
        """Whether the token is good, as this door says."""
        if not self.introspects:
            return self.ask("GET", "/v1/forward-auth", secret) == 200
        body = urlencode({"token": secret})
        assert self.ask("POST", "/oauth2/introspect", ROOT_TOKEN, body) == 200
        return self.told.startswith(b'{"active":true')

    def ask(self, method: str, path: str, secret: str, body: str | None = None) -> int:
        """The status of an answer, whose body is then in `told`."""
        headers = {"Authorization": f"Bearer {secret}"} | ({"Content-Type": FORM} if body else {})
        self.http.request(method, path, body, headers)
        answer = self.http.getresponse()
        self.told, self.status = answer.read(), answer.status
        return answer.status

    def worker(self, server: Server) -> int:
        """The worker at the other end, read from /proc; one that has not accepted yet will."""
        workers = server.workers()
        here, there = self.http.sock.getsockname()[1], self.http.sock.getpeername()[1]
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if found := _holder(workers, _inode(local=there, remote=here)):
                return found
            time.sleep(0.001)
        raise AssertionError("no worker took the connection")


@contextmanager
def kept_doors(server: Server, count: int) -> Iterator[list[Door]]:
    """So many doors, as many to each worker, every second of which introspects."""
    doors: list[Door] = []
    workers = server.workers()
    share = count // len(workers)
    try:
        for worker in workers:
            with server.only(worker):
                doors += (these := [Door(server, number % 2 == 1) for number in range(share)])
                assert {door.worker(server) for door in these} == {worker}
        yield doors
    finally:
        for door in doors:
            door.http.close()


def _holder(workers: list[int], inode: str) -> int | None:
    for pid in workers:
        if f"socket:[{inode}]" in _links(Path(f"/proc/{pid}/fd")):
            return pid
    return None


def _inode(local: int, remote: int) -> str:
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{local:04X}") and fields[2].endswith(f":{remote:04X}"):
            return fields[9]
    raise AssertionError("there is no such connection")


def _links(folder: Path) -> set[str]:
    found = set()
    for entry in folder.iterdir():
        try:
            found.add(os.readlink(entry))
        except FileNotFoundError:
            continue
    return found


class Hammer:
    """Threads, one a door, that ask about the token of the moment until they are stopped."""

    def __init__(self, server: Server, doors: list[Door]) -> None:
        self.asked: list[Asked] = []
        self.workers = {door: door.worker(server) for door in doors}
        self.target: tuple[int, str] | None = None
        self.changed = threading.Condition()
        self.stopped = False
        self.latest: dict[Door, Asked] = {}
        self.threads = [threading.Thread(target=self._run, args=(door,)) for door in doors]

    def __enter__(self) -> "Hammer":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped = True
        for thread in self.threads:
            thread.join()

    def until(self, token: int, passed: bool, after: float = 0) -> None:
        """Wait until every door has answered so about the token, asked after an instant."""

        def all_did() -> bool:
            did = [asked for asked in self.latest.values() if asked.sent > after]
            agree = [asked for asked in did if (asked.token, asked.passed) == (token, passed)]
            return len(agree) == len(self.threads)

        with self.changed:
            assert self.changed.wait_for(all_did, SECONDS), self.latest

    def _run(self, door: Door) -> None:
        while not self.stopped:
            if self.target is None:
                time.sleep(0.001)
                continue
            token, secret = self.target
            sent = time.perf_counter()
            passed = door.passes(secret)
            asked = Asked(token, sent, time.perf_counter(), self.workers[door], passed)
            with self.changed:
                self.asked.append(asked)
                self.latest[door] = asked
                self.changed.notify_all()
