"""Tokens of every kind in one table: how they are stored, found and judged."""

import hmac
import json
import time
from typing import NamedTuple

from peewee import SQL, BigIntegerField, BlobField, ForeignKeyField, TextField

from models.database import Row
from models.failures import TokenNotFound
from models.prepared import Prepared
from models.project import Project
from models.store import store

EXPIRED, ROTATED = "expired", "rotated"
SETTING_NAME = "JETON_ROOT_TOKEN"


class Token(Row):
    """A token. `ended_at` is set once it is dead for good; its name is free from then on.

    `sealed` is the secret under the keyring, only where a document demands that it can be shown
    again; `hint` its last characters; `shown` all that stands before its random part. `key_id`
    names the key of its digest. A rotated token dies at `retires_at`, or when the token that
    replaces it and names it in `first_use_ends` is used first. `brokers`, `metadata`, `allowed_ips`
    and `rate_window` hold JSON.
    """

    id = TextField(primary_key=True)
    kind = TextField()
    project = ForeignKeyField(Project, null=True, index=False, on_delete="RESTRICT")
    name = TextField()
    digest = BlobField(unique=True)
    sealed = BlobField(null=True)
    key_id = TextField()
    fingerprint = TextField()
    shown = TextField()
    hint = TextField()
    type = TextField(null=True)
    role = TextField(null=True)
    environment = TextField(null=True)
    brokers = TextField(null=True)
    issuer = TextField()
    created_at = BigIntegerField()
    expires_at = BigIntegerField(null=True)
    last_used_at = BigIntegerField(null=True)
    ended_at = BigIntegerField(null=True)
    end_reason = TextField(null=True)
    description = TextField(null=True)
    metadata = TextField(null=True)
    allowed_ips = TextField(null=True)
    rate_limit = TextField(null=True)
    rate_window = TextField(null=True)
    rotated_from = TextField(null=True)
    rotated_to = TextField(null=True)
    first_use_ends = TextField(null=True)
    ended_by = TextField(null=True)
    end_note = TextField(null=True)
    not_before = BigIntegerField(null=True)
    idle_seconds = BigIntegerField(null=True)
    uses_left = BigIntegerField(null=True)
    suspended_at = BigIntegerField(null=True)
    retires_at = BigIntegerField(null=True)

    class Meta:
        indexes = ((("project", "kind", "id"), False),)


Token.add_index(
    Token.index(
        Token.project,
        Token.kind,
        Token.name,
        unique=True,
        where=SQL("ended_at IS NULL AND rotated_to IS NULL"),
        name="token_live_name",
    )
)
Token.add_index(Token.index(Token.project, Token.end_reason, Token.retires_at, name="token_count"))
for column in (Token.issuer, Token.expires_at, Token.ended_at):
    Token.add_index(Token.index(column, name=f"token_{column.name}"))


# Revoked tokens leave the lists; expired ones stay until they are revoked.
LISTED = Token.end_reason.is_null() | (Token.end_reason == EXPIRED)


class TokenRecord(NamedTuple):
    """A token as it was read; the fields are those of the table, times in milliseconds."""

    id: str
    kind: str
    project_id: str | None
    name: str
    digest: bytes
    sealed: bytes | None
    key_id: str
    fingerprint: str
    shown: str
    hint: str
    type: str | None
    role: str | None
    environment: str | None
    brokers: str | None
    issuer: str
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    ended_at: int | None
    end_reason: str | None
    description: str | None = None
    metadata: str | None = None
    allowed_ips: str | None = None
    rate_limit: str | None = None
    rate_window: str | None = None
    rotated_from: str | None = None
    rotated_to: str | None = None
    first_use_ends: str | None = None
    ended_by: str | None = None
    end_note: str | None = None
    not_before: int | None = None
    idle_seconds: int | None = None
    uses_left: int | None = None
    suspended_at: int | None = None
    retires_at: int | None = None

    def __repr__(self) -> str:
        return f"TokenRecord({self.id})"

    def is_live(self, now: int) -> bool:
        """Whether it has neither ended, expired nor retired at that instant (milliseconds)."""
        ends = self.expires_at, self.retires_at
        return self.ended_at is None and all(end is None or now < end for end in ends)

    @property
    def dies_at(self) -> int | None:
        """When it expires or retires, whichever is first (milliseconds); None for never."""
        return min(
            (at for at in (self.expires_at, self.retires_at) if at is not None), default=None
        )

    @property
    def is_counted(self) -> bool:
        """Whether each use has to be written before it is granted."""
        counted = self.uses_left, self.rate_limit, self.first_use_ends
        return any(what is not None for what in counted)

    def broker_ids(self) -> list[str]:
        """The brokers that a restricted token is good for."""
        return ids_in(self.brokers)


def milliseconds() -> int:
    """Now, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def ids_in(text: str | None) -> list[str]:
    """The ids in a list in JSON; none where there is no list."""
    return list(json.loads(text)) if text else []


def find_by_secret(secret: str) -> TokenRecord | None:
    """The token of that secret, dead or alive; the newest key is tried first."""
    for digest in store.keyring.digests(secret):
        for row in _BY_DIGEST(digest):
            record = TokenRecord(*row)
            if hmac.compare_digest(bytes(record.digest), digest):
                return record
    return None


def read_token(token_id: str) -> TokenRecord:
    """The token of that id, dead or alive; raises TokenNotFound."""
    rows = _BY_ID(token_id)
    if not rows:
        raise TokenNotFound
    return TokenRecord(*rows[0])


def find_token(project: str | None, kind: str, reference: str) -> TokenRecord:
    """The token of that project, kind and id that is not revoked; raises TokenNotFound."""
    record = read_token(reference)
    if not _listed(record) or (record.project_id, record.kind) != (project, kind):
        raise TokenNotFound
    return record


def list_tokens(project: str | None, kind: str) -> list[TokenRecord]:
    """The tokens of a project and kind that are not revoked, oldest first.

    An expired token stays on the list until it is revoked.
    """
    rows = _ROOT_TOKENS(kind) if project is None else _OF_PROJECT(project, kind)
    return [record for record in map(TokenRecord._make, rows) if _listed(record)]


def living_shares(project: str) -> list[TokenRecord]:
    """The share token of a project and those that it was rotated from, in their grace."""
    return [record for record in list_tokens(project, "share") if record.ended_at is None]


def _listed(record: TokenRecord) -> bool:
    retired = record.retires_at is not None and record.retires_at <= milliseconds()
    return record.end_reason in (None, EXPIRED) and not retired


COLUMNS = [getattr(Token, name) for name in TokenRecord._fields]
_BY_DIGEST = Prepared(1, lambda digest: Token.select(*COLUMNS).where(Token.digest == digest))
_BY_ID = Prepared(1, lambda token: Token.select(*COLUMNS).where(Token.id == token))
_OF_PROJECT = Prepared(
    2,
    lambda project, kind: (
        Token.select(*COLUMNS)
        .where(Token.project == project, Token.kind == kind, LISTED)
        .order_by(Token.id)
    ),
)
_ROOT_TOKENS = Prepared(
    1,
    lambda kind: (
        Token.select(*COLUMNS)
        .where(Token.project.is_null(), Token.kind == kind, LISTED)
        .order_by(Token.id)
    ),
)
