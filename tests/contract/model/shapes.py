"""What each dialect shows of a token, to the letter of the contract."""

from typing import Any

from tests.contract.model.moments import instant, rfc3339
from tests.contract.model.world import Project, Token

Json = dict[str, Any]


class LastUse:
    """Equal to any last use that a token can have had: none, or after its first and before now.

    Uses are written each second, so an answer may not tell of the latest.
    """

    def __init__(self, token: Token, now: int) -> None:
        self.first, self.now = token.used_at, now

    def __eq__(self, told: object) -> bool:
        if told is None:
            return True
        at = instant(told) if isinstance(told, str) else told
        return self.first is not None and isinstance(at, int) and self.first <= at <= self.now

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"LastUse(None, or {self.first}..{self.now})"


def project(found: Project) -> Json:
    """A project."""
    return {"id": found.id, "name": found.name, "createdAt": rfc3339(found.created_at)}


def share(token: Token, base: str) -> Json:
    """A share token with its link."""
    return {
        "token": token.secret,
        "createdAt": rfc3339(token.created_at),
        "url": f"{base}/v1/public-shares/{token.secret}",
    }


def link(token: Token, found: Project) -> Json:
    """What a link shows to everybody."""
    return {
        "projectId": found.id,
        "projectName": found.name,
        "createdAt": rfc3339(token.created_at),
    }


def api_token(token: Token, secret: str, now: int) -> Json:
    """An API token as Unleash lists it."""
    return {
        "secret": secret,
        "tokenName": token.name,
        "type": token.type,
        "project": token.project,
        "projects": [token.project],
        "environment": token.environment,
        "expiresAt": None if token.expires_at is None else rfc3339(token.expires_at),
        "createdAt": rfc3339(token.created_at),
        "alias": None,
        "seenAt": LastUse(token, now),
        "secure": False,
    }


def project_token(token: Token, now: int) -> Json:
    """A project token as Cedalo lists it; `valid_date` and `last_used_date` may be absent."""
    return {
        "id": token.id,
        "project_id": token.project,
        "role_id": token.role,
        "issuer": token.issuer,
        "name": token.name,
        "hash": token.fingerprint,
        "issue_date": token.created_at,
        "brokers": list(token.brokers),
        "type": token.type,
        "valid_date": token.expires_at,
        "last_used_date": LastUse(token, now),
    }


def filled(told: Any) -> Any:
    """The body as it was told, with None for what project tokens leave out."""
    if isinstance(told, list):
        return [filled(token) for token in told]
    if isinstance(told, dict) and "role_id" in told:
        return {"valid_date": None, "last_used_date": None, **told}
    return told


def presented(token: Token) -> Json:
    """What a token is told of itself."""
    shape = {
        "id": token.id,
        "kind": token.kind,
        "name": token.name,
        "project": token.project,
        "role": token.role,
        "type": token.type,
        "environment": token.environment,
        "brokers": list(token.brokers) or None,
        "createdAt": rfc3339(token.created_at),
    }
    told = {name: value for name, value in shape.items() if value is not None}
    return {**told, "expiresAt": None if token.expires_at is None else rfc3339(token.expires_at)}
