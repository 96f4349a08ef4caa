"""The stage: a live server whose clock the model moves, and what all runs on it have in common."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path

from tests.contract.model.ledger import Ledger
from tests.contract.model.moments import Clock, instant
from tests.contract.model.token import Token
from tests.contract.model.wire import Wire
from tests.live import ROOT_TOKEN, Server
from tests.planting import named
from tests.planting.clock import moved_by_the_test

DOORS = ("getSelf", "forwardAuth", "verifyToken", "introspectToken", "verifyTokens")
LISTINGS = ("listProjectApiTokens", "listProjectTokens", "getPublicShareToken")


class Stage:
    """Connections, the root token, old secrets. `seen` counts what was called and how it ended."""

    def __init__(self, server: Server, clock: Clock) -> None:
        self.server, self.clock = server, clock
        self.wire = Wire(server)
        self.ledger = Ledger(server.settings["JETON_DATABASE_URL"])
        self.doors, self.listings = cycle(DOORS), cycle(LISTINGS)
        self.secrets: set[str] = set()
        self.runs = 0
        self.disagreed: int | None = None
        self.seen: Counter[tuple[str, int]] = Counter()
        self.root = self._root()

    def close(self) -> None:
        """Close the connections."""
        self.wire.close()
        self.ledger.close()

    def _root(self) -> Token:
        me = self.wire.send("GET", "/v1/self", ROOT_TOKEN).body
        return Token(
            id=me["id"],
            kind="root",
            project=None,
            name=me["name"],
            secret=ROOT_TOKEN,
            issuer="",
            created_at=instant(me["createdAt"]),
            role="root",
        )


@contextmanager
def staged(url: str, folder: Path, *faults: Callable[[], None]) -> Iterator[Stage]:
    """A server of two workers on a database, with a clock to move and perhaps with faults."""
    clock = Clock(folder)
    planted = named(moved_by_the_test, *faults)
    server = Server(folder, JETON_DATABASE_URL=url, CLOCK=str(clock.path), PLANTED=planted).start()
    try:
        with closing(Stage(server, clock)) as stage:
            yield stage
    finally:
        server.stop()
