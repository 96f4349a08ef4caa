"""Shapes of our own dialect that several resources share."""

from handlers import Json
from handlers.wire.times import optional_timestamp, timestamp
from models.token import TokenRecord


def presented(token: TokenRecord) -> Json:
    """What a token is; what does not apply to its kind is left out."""
    shape = {
        "id": token.id,
        "kind": token.kind,
        "name": token.name,
        "project": token.project_id,
        "role": token.role,
        "type": token.type,
        "environment": token.environment,
        "brokers": token.broker_ids() or None,
        "createdAt": timestamp(token.created_at),
    }
    told = {name: value for name, value in shape.items() if value is not None}
    return {**told, "expiresAt": optional_timestamp(token.expires_at)}
