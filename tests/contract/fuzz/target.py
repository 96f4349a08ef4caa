"""What is fuzzed: servers of our own, one for each database, or a deployment that is named."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.actors import Caller
from tests.conftest import DATABASES, need
from tests.databases import new_database
from tests.live import ROOT_TOKEN, Server

URL = os.environ.get("URL", "").rstrip("/")
TARGETS = ("deployment",) if URL else DATABASES
# Fuzzing makes projects by the hundred, and their limit has a test of its own.
ROOM = "1000000"


@dataclass(frozen=True)
class Target:
    """A server, and the token that its callers are made with; `server` is None for a deployment."""

    name: str
    url: str
    token: str = field(repr=False)
    server: Server | None = None

    @property
    def mark(self) -> str:
        """What makes ids new where others may exist; our own servers are the same in each run."""
        return "" if self.server else f"-{secrets.token_hex(4)}"

    @property
    def holder(self) -> Caller:
        """The caller who holds that token."""
        return Caller(self.url, self.token)


@contextmanager
def open_target(name: str, folder: Path, **settings: str) -> Iterator[Target]:
    """The named deployment as it stands, or a new server on a new database of that kind."""
    if name == "deployment":
        target = Target(name, URL, os.environ.get("TOKEN", ""))
        assert target.holder("GET", "/v1/self").status_code == 200, "TOKEN IS NOT KNOWN THERE"
        yield target
        return
    need(name)
    with new_database(name, folder) as database:
        settings |= {"JETON_DATABASE_URL": database, "JETON_MAX_PROJECTS": ROOM}
        server = Server(folder, **settings).start()
        try:
            yield Target(name, server.url, ROOT_TOKEN, server)
        finally:
            server.stop()
