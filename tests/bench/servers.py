"""Contestants that run: started, asked, stopped."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from handlers.wire.keys import encode_key
from models.secrets import new_key
from tests.bench.contestants import Contestant
from tests.live import ROOT, Server, environment

PUBLIC_URL = "https://tokens.example.com"
POLL_SECONDS = 0.005
PATIENCE_SECONDS = 120
NO_LIMIT = {"JETON_MAX_TOKENS_PER_PROJECT": "10000000", "JETON_MAX_PROJECTS": "1000000"}


class Running(Server):
    """A contestant that runs."""

    def __init__(self, contestant: Contestant, folder: Path, **settings: str) -> None:
        # As it ships, also on PostgreSQL, where other tests ask for the instant.
        cache = "on" if contestant.remembers else "off"
        settings |= {"JETON_WORKERS": str(contestant.workers), "JETON_VERIFY_CACHE": cache}
        super().__init__(folder, JETON_LOG_LEVEL=contestant.log_level, **settings)
        self.contestant = contestant

    def launch(self) -> "subprocess.Popen[bytes]":
        """Start it without waiting."""
        configuration = str(ROOT / self.contestant.configuration)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "-c", configuration),
                    *self.contestant.arguments,
                ],
                cwd=self.folder,
                env=environment(**self.settings),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        return self.process

    def start(self) -> "Running":
        """Start it and wait until it answers."""
        self.launch()
        self.wait()
        return self

    def wait(self) -> None:
        """Wait until it answers anything at all."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/health/ready", timeout=10)
                return
            except httpx.TransportError:
                if self.process and self.process.poll() is not None:
                    break
            time.sleep(0.05)
        raise AssertionError(f"{self.contestant.name} did not start:\n{self.log()}")

    @property
    def workers(self) -> list[int]:
        """The process ids of its workers."""
        assert self.process is not None
        parent = self.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        assert len(children) == self.contestant.workers, self.log()
        return [int(child) for child in children]


def settings_for(url: str) -> dict[str, str]:
    """What all contestants on one database are told."""
    return {
        "JETON_DATABASE_URL": url,
        "JETON_SECRET_KEYS": encode_key(new_key()),
        "JETON_PUBLIC_URL": PUBLIC_URL,
        **NO_LIMIT,
    }


@contextmanager
def running(
    contestants: Sequence[Contestant], folder: Path, settings: dict[str, str] | None = None
) -> Iterator[list[Running]]:
    """All contestants at once on one database, by default a new one on SQLite.

    The first makes the tables and has to be Jeton or stock; the others start together.
    """
    settings = settings or settings_for(f"sqlite:///{folder / 'jeton.db'}")
    with ExitStack() as stack:
        found = [_made(each, folder, settings) for each in contestants]
        for server in found:
            stack.callback(_stop, server)
        found[0].start()
        for server in found[1:]:
            server.launch()
        for server in found[1:]:
            server.wait()
        yield found


def start_seconds(server: Running) -> float:
    """From exec to its first answer."""
    began = time.perf_counter()
    server.launch()
    while True:
        try:
            httpx.get(server.url, timeout=10)
            return time.perf_counter() - began
        except httpx.TransportError:
            assert time.perf_counter() - began < PATIENCE_SECONDS, server.log()
            time.sleep(POLL_SECONDS)


def _made(contestant: Contestant, folder: Path, settings: dict[str, str]) -> Running:
    own = folder / f"{contestant.name}-{contestant.workers}-{os.urandom(3).hex()}"
    own.mkdir()
    return Running(contestant, own, **settings)


def _stop(server: Running) -> None:
    if server.process is not None:
        server.stop()
