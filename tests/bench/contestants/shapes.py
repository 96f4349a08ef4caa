"""The shapes of the twins' answers."""

import datetime
import json
from typing import Any
from urllib.parse import quote

from tests.bench.contestants.sql import Token


def timestamp(milliseconds: int) -> str:
    """An instant as in RFC 3339, in UTC, to the millisecond."""
    seconds, rest = divmod(milliseconds, 1000)
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return f"{moment.isoformat()[:19]}.{rest:03d}Z"


def api_token_shape(
    secret: str,
    name: str,
    kind: str,
    project: str,
    environment: str,
    expires_at: int | None,
    created_at: int,
    last_used_at: int | None,
) -> dict[str, Any]:
    """An API token as Unleash tells of it."""
    return {
        "secret": secret,
        "tokenName": name,
        "type": kind,
        "project": project,
        "projects": [project],
        "environment": environment,
        "expiresAt": None if expires_at is None else timestamp(expires_at),
        "createdAt": timestamp(created_at),
        "alias": None,
        "seenAt": None if last_used_at is None else timestamp(last_used_at),
        "secure": False,
    }


def identity_headers(token: Token) -> dict[str, str]:
    """Who was let in."""
    return {
        "X-Jeton-Token-Id": token.id,
        "X-Jeton-Kind": token.kind,
        "X-Jeton-Name": quote(token.name, safe=" "),
        "X-Jeton-Project": token.project_id or "",
        "X-Jeton-Environment": token.environment or "",
        "X-Jeton-Type": token.type or "",
        "X-Jeton-Role": token.role or "",
        "X-Jeton-Brokers": ",".join(json.loads(token.brokers or "[]")),
    }
