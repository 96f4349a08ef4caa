"""Uses of tokens that were rotated out: somebody still has the old secret, or has stolen it.

They are gathered in memory and written each second: one event for each token and flush.
"""

import threading

from models.caller import Caller
from models.database import session, writing
from models.event import Event
from models.project import public_id
from models.token import TokenRecord


class Reuse:
    """The tokens that were presented after their rotation since the last flush."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[TokenRecord, str | None]] = {}

    def note(self, token: TokenRecord, address: str | None) -> None:
        """Remember that a rotated token was presented from an address."""
        with self._lock:
            self._seen[token.id] = token, address

    def flush(self) -> int:
        """Write an event for each token; says how many. What fails is kept for the next time."""
        with self._lock:
            seen, self._seen = self._seen, {}
        if not seen:
            return 0
        try:
            with session(), writing("reuse"):
                for token, address in seen.values():
                    project = public_id(token.project_id)
                    by = Caller.holder(token.id, token.kind, token.name, project, address=address)
                    Event.record("token.reused", by=by, project=project, token=token.id)
        except BaseException:
            with self._lock:
                self._seen = {**seen, **self._seen}
            raise
        return len(seen)


reuse = Reuse()
