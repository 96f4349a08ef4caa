"""Events: who did what to which token, when, from where. Append-only, and never a secret."""

import time
from collections.abc import Iterable

from peewee import BigIntegerField, TextField, chunked

from models.caller import Caller
from models.database import Row, database
from models.prepared import Prepared
from models.secrets import new_row_id

BATCH = 200
# What only adds: nobody can have known a token before it was there.
ADDITIONS = ("token.minted", "project.created")


class Event(Row):
    """One change of state. The database refuses to change or delete a row (see migration 0001)."""

    id = TextField(primary_key=True)
    at = BigIntegerField()
    action = TextField()
    project_id = TextField(null=True)
    token_id = TextField(null=True)
    actor_id = TextField()
    actor_name = TextField()
    address = TextField(null=True)
    request_id = TextField(null=True)

    class Meta:
        indexes = ((("project_id", "id"), False), (("token_id", "id"), False))

    @classmethod
    def record(
        cls, action: str, *, by: Caller, project: str | None = None, token: str | None = None
    ) -> None:
        """Write one event into the transaction that makes the change, and announce it."""
        _announce(action)
        _INSERT.change(*cls._row(action, by, project, token).values())

    @classmethod
    def record_all(
        cls, action: str, *, by: Caller, project: str | None, tokens: Iterable[str]
    ) -> None:
        """Write the same event for many tokens, and announce it."""
        _announce(action)
        for batch in chunked((cls._row(action, by, project, token) for token in tokens), BATCH):
            cls.insert_many(batch).execute()

    @staticmethod
    def _row(action: str, by: Caller, project: str | None, token: str | None) -> dict[str, object]:
        return {
            "id": new_row_id(),
            "at": time.time_ns() // 1_000_000,
            "action": action,
            "project_id": project,
            "token_id": token,
            "actor_id": by.token_id,
            "actor_name": by.name,
            "address": by.address,
            "request_id": by.request_id,
        }


def _announce(action: str) -> None:
    if action not in ADDITIONS:
        database.announce()


_COLUMNS = list(Event._meta.fields)
_INSERT = Prepared(
    len(_COLUMNS), lambda *values: Event.insert(**dict(zip(_COLUMNS, values, strict=True)))
)
