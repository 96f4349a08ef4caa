"""What each dialect shows of a token, to the letter of the contract."""

from tests.contract.model.moments import SECOND, instant, rfc3339
from tests.contract.model.records import Event, Project
from tests.contract.model.request import HOME
from tests.contract.model.tables import ROLES
from tests.contract.model.token import Json, Token


def project(found: Project) -> Json:
    """A project."""
    longest = found.longest
    told = {"id": found.id, "name": found.name, "createdAt": rfc3339(found.created_at)}
    return told if longest is None else {**told, "maxTokenLifetimeSeconds": longest}


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


def api_token(token: Token, secret: str) -> Json:
    """An API token as Unleash lists it."""
    return {
        "secret": secret,
        "tokenName": token.name,
        "type": token.type,
        "project": token.project,
        "projects": [token.project],
        "environment": token.environment,
        "expiresAt": written(token.expires_at),
        "createdAt": rfc3339(token.created_at),
        "alias": None,
        "seenAt": written(token.written_at),
        "secure": False,
    }


def project_token(token: Token) -> Json:
    """A project token as Cedalo lists it."""
    shape = {
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
        "last_used_date": token.written_at,
    }
    return told_of(shape)


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
    return {**told_of(shape), "expiresAt": written(token.expires_at)}


def managed(token: Token, at: int) -> Json:
    """All that is told of a token to those who manage it."""
    ended_at = token.end.at if token.end else token.expires_at if token.gave_up_its_name else None
    shape = {
        **presented(token),
        **token.settings,
        "state": token.state(at),
        "issuer": token.issuer,
        "lastUsedAt": written(token.written_at),
        "suspendedAt": written(token.suspended_at),
        "rotatedFrom": token.rotated_from and token.rotated_from.id,
        "rotatedTo": token.rotated_to and token.rotated_to.id,
        "retiresAt": written(token.retires_at),
        "endedAt": written(ended_at),
        "endedBy": token.end and token.end.by.id,
        "endReason": token.end and token.end.note,
    }
    return told_of(shape)


def introspected(token: Token, base: str) -> Json:
    """What RFC 7662 tells of a good token."""
    dies_at = [at for at in (token.expires_at, token.retires_at) if at is not None]
    not_before = token.settings.get("notBefore")
    shape = {
        "active": True,
        "scope": " ".join(sorted(ROLES[token.grade])),
        "client_id": token.id,
        "username": token.name,
        "token_type": "Bearer",
        "exp": min(dies_at) // SECOND if dies_at else None,
        "iat": token.created_at // SECOND,
        "nbf": (instant(not_before) if not_before else token.created_at) // SECOND,
        "sub": token.id,
        "aud": token.project,
        "iss": base,
        "jti": token.id,
        "project": token.project,
        "projects": [token.project],
        "environment": token.environment,
        "kind": token.kind,
        "type": token.type,
        "role": token.role,
        "brokers": list(token.brokers) or None,
    }
    return told_of(shape)


def let_in(token: Token) -> Json:
    """The headers in which a gateway is told whom it let in."""
    told = {
        "token-id": token.id,
        "kind": token.kind,
        "name": token.name,
        "project": token.project,
        "environment": token.environment,
        "type": token.type,
        "role": token.role,
        "brokers": ",".join(token.brokers),
    }
    return {f"x-jeton-{name}": value or "" for name, value in told.items()}


def event(found: Event, seen_by: Token) -> Json:
    """An event, but for its id; where others called from is root's to know."""
    cause = found.cause
    where = cause.request if seen_by.project in (None, cause.by.project) else None
    shape = {
        "at": rfc3339(cause.at),
        "action": found.action,
        "project": found.project,
        "token": found.token and found.token.id,
        "actor": cause.by.id,
        "actorName": cause.name,
        "address": HOME if where else None,
        "requestId": where,
    }
    return told_of(shape)


def told_of(shape: Json) -> Json:
    """What applies; the rest is left out."""
    return {name: value for name, value in shape.items() if value is not None}


def written(at: int | None) -> str | None:
    """An instant, if there is one."""
    return None if at is None else rfc3339(at)
