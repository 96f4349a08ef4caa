"""The SQL of the twins: what Jeton's models say to the database, written out once."""

from typing import NamedTuple


class Token(NamedTuple):
    """What has to be known of a token to judge it, to show it, and to let it act."""

    id: str
    kind: str
    project_id: str | None
    name: str
    digest: bytes
    type: str | None
    role: str | None
    environment: str | None
    brokers: str | None
    created_at: int
    expires_at: int | None
    ended_at: int | None
    suspended_at: int | None
    not_before: int | None
    retires_at: int | None
    limits: str | None


COLUMNS = ", ".join(Token._fields[:-1])
LIMITS = (
    "COALESCE(allowed_ips, rate_limit, first_use_ends, "
    "CAST(COALESCE(idle_seconds, uses_left) AS TEXT))"
)
LISTED = "(end_reason IS NULL OR end_reason = 'expired')"

BY_DIGEST = f"SELECT {COLUMNS}, {LIMITS} FROM token WHERE digest = ?"
SHARE = (
    "SELECT id, sealed, created_at FROM token WHERE project_id = ? AND kind = 'share' "
    "AND ended_at IS NULL AND rotated_to IS NULL"
)
API_TOKENS = (
    "SELECT id, sealed, shown, hint, name, type, project_id, environment, expires_at, created_at, "
    f"last_used_at, retires_at FROM token WHERE project_id = ? AND kind = 'api' AND {LISTED} "
    "ORDER BY id"
)
PROJECT = "SELECT id, max_lifetime_seconds FROM project WHERE id = ? AND deleted_at IS NULL"
FREE_NAME = (
    "UPDATE token SET ended_at = expires_at, end_reason = 'expired' WHERE project_id = ? "
    "AND kind = 'api' AND name = ? AND ended_at IS NULL AND expires_at <= ?"
)
ROOM = (
    "SELECT p.id, p.max_lifetime_seconds, (SELECT COUNT(*) FROM token WHERE project_id = ? "
    f"AND {LISTED} AND (retires_at IS NULL OR retires_at > ?)), EXISTS(SELECT 1 FROM token "
    "WHERE project_id = ? AND kind = 'api' AND name = ? AND ended_at IS NULL "
    "AND rotated_to IS NULL AND expires_at <= ?) "
    "FROM project p WHERE p.id = ? AND p.deleted_at IS NULL"
)
INSERTED = (
    *("id", "kind", "project_id", "name", "digest", "sealed", "key_id", "fingerprint", "shown"),
    *("hint", "type", "environment", "issuer", "created_at", "expires_at"),
)
MINT = f"INSERT INTO token ({', '.join(INSERTED)}) VALUES ({', '.join('?' * len(INSERTED))})"
TOLD = (
    *("id", "at", "action", "project_id", "token_id", "actor_id", "actor_name", "address"),
    "request_id",
)
TELL = f"INSERT INTO event ({', '.join(TOLD)}) VALUES ({', '.join('?' * len(TOLD))})"
USED = (
    "UPDATE token SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)"
)
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))"
