"""When tokens were last used: gathered in memory, written each second and at shutdown.

A crash loses at most what was gathered since the last flush.
"""

import threading

from models.database import LAST_USED, session, writing
from models.prepared import Prepared
from models.token import Token

FLUSH_SECONDS = 1.0


class LastUsed:
    """The latest use of each token since the last flush."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._uses: dict[str, int] = {}

    def note(self, token: str, at: int) -> None:
        """Remember a use, in milliseconds since 1970."""
        with self._lock:
            self._uses[token] = max(at, self._uses.get(token, 0))

    def of(self, token: str) -> int:
        """The latest use that was not written yet, in milliseconds since 1970; 0 for none."""
        return self._uses.get(token, 0)

    def flush(self) -> int:
        """Write what was gathered; says how many tokens. What fails is kept for the next time."""
        with self._lock:
            uses, self._uses = self._uses, {}
        if not uses:
            return 0
        try:
            with session(), writing(LAST_USED):
                _WRITE.many([(at, token, at) for token, at in sorted(uses.items())])
        except BaseException:
            with self._lock:
                self._uses = {**uses, **self._uses}
            raise
        return len(uses)


last_used = LastUsed()

_WRITE = Prepared(
    3,
    lambda at, token, again: Token.update(last_used_at=at).where(
        Token.id == token, Token.last_used_at.is_null() | (Token.last_used_at < again)
    ),
)
