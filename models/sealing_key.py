"""Which keys this store was written with, so that wrong ones are noticed before they do harm."""

import time
from typing import Any

from peewee import BigIntegerField, TextField

from models.database import Row, writing
from models.store import store


class SealingKey(Row):
    """A key that was once the newest: its id, which tells nothing of the key itself."""

    id = TextField(primary_key=True)
    first_used_at = BigIntegerField()


def keys_fit() -> bool:
    """Whether the store is new to keys, or was written with one of those configured."""
    rows: Any = SealingKey.select(SealingKey.id).tuples()
    known = {row[0] for row in rows}
    return not known or bool(known & {key.id.hex() for key in store.keyring.keys})


def note_newest_key() -> None:
    """Remember the newest key."""
    row = {"id": store.keyring.newest.id.hex(), "first_used_at": time.time_ns() // 1_000_000}
    with writing("keys"):
        SealingKey.insert(**row).on_conflict_ignore().execute()
