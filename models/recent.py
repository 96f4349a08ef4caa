"""Tokens that were found a moment ago, so that a good one need not be read again each time.

What is kept are rows, never verdicts: every presented token is judged anew. A row is used for a
second at most, and only while the database is known to be as it was before the row was read: so
nothing that was revoked meanwhile comes back. Where that is not known, the token is read.
"""

import time
from typing import NamedTuple

from models.database import database
from models.store import store
from models.token import TokenRecord, find_by_secret

ENTRIES = 10_000
SECONDS = 1.0


class Entry(NamedTuple):
    """A row, the version of the database before it was read, and when that was (seconds)."""

    record: TokenRecord
    version: object
    since: float


class Recent:
    """The rows that were found in the last second, by the digests of their secrets."""

    def __init__(self) -> None:
        self._entries: dict[bytes, Entry] = {}

    def find(self, secret: str) -> TokenRecord | None:
        """The token of that secret, as `find_by_secret` answers it."""
        version = database.obj.version() if store.policy.remember_tokens else None
        if version is None:
            return find_by_secret(secret)
        digest, now = store.keyring.digest(secret), time.monotonic()
        entry = self._entries.get(digest)
        if entry and entry.version == version and now - entry.since < SECONDS:
            return entry.record
        record = find_by_secret(secret)
        if record is not None and _keeps(record):
            self._keep(digest, Entry(record, version, now))
        return record

    def _keep(self, digest: bytes, entry: Entry) -> None:
        if len(self._entries) >= ENTRIES:
            self._entries.clear()
        self._entries[digest] = entry


def _keeps(record: TokenRecord) -> bool:
    """Whether no use of the token changes what the next one is told."""
    return not record.is_counted and record.idle_seconds is None


recent = Recent()
