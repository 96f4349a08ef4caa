"""OAuth: introspection (RFC 7662), revocation (RFC 7009) and metadata (RFC 8414)."""

from functools import lru_cache

import flask
from connexion.datastructures import NoContent

from handlers import Answer, Json
from handlers.wire.contract import contract
from handlers.wire.identity import permissions
from models import life
from models.caller import Caller
from models.token import TokenRecord
from models.verification import Needs, verify

SECOND = 1000


def introspect_token(body: Json, caller: Caller) -> Answer:
    """What a token is; of one that is not good, or not the caller's to see, only that."""
    verdict = verify(body["token"], Needs(address=body.get("address")), by=caller)
    if not verdict.valid or verdict.token is None:
        return {"active": False}, 200
    return _shape(verdict.token, _issuer()), 200


def revoke_token(body: Json, caller: Caller) -> Answer:
    """Revoke a token for good; one that is unknown is answered in the same way."""
    others = contract.operations["revokeToken"].permission_others or ""
    life.revoke_presented(body["token"], by=caller, others=others)
    return NoContent, 200


def get_authorization_server_metadata() -> Answer:
    """Where an OAuth client finds the endpoints."""
    base = _issuer()
    return {
        "issuer": base,
        "introspection_endpoint": f"{base}/oauth2/introspect",
        "introspection_endpoint_auth_methods_supported": ["Bearer", "client_secret_basic"],
        "revocation_endpoint": f"{base}/oauth2/revoke",
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic"],
        "response_types_supported": ["none"],
        "service_documentation": f"{base}/docs",
    }, 200


def _issuer() -> str:
    return str(flask.current_app.config["PUBLIC_BASE"])


@lru_cache(maxsize=1_000)
def _shape(token: TokenRecord, issuer: str) -> Json:
    shape = {
        "scope": " ".join(sorted(permissions(token))),
        "client_id": token.id,
        "username": token.name,
        "token_type": "Bearer",
        "exp": token.dies_at // SECOND if token.dies_at else None,
        "iat": token.created_at // SECOND,
        "nbf": (token.not_before or token.created_at) // SECOND,
        "sub": token.id,
        "aud": token.project_id,
        "iss": issuer,
        "jti": token.id,
        "project": token.project_id,
        "projects": [token.project_id] if token.project_id else None,
        "environment": token.environment,
        "kind": token.kind,
        "type": token.type,
        "role": token.role,
        "brokers": token.broker_ids() or None,
    }
    return {"active": True} | {name: value for name, value in shape.items() if value is not None}
