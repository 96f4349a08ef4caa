"""Shapes of our own dialect that several resources share."""

import json

from handlers import Json
from handlers.wire.times import optional_timestamp, timestamp
from models.history import EventRecord
from models.listing import Listed
from models.project import public_id
from models.token import TokenRecord


def presented(token: TokenRecord) -> Json:
    """What a token is; what does not apply to its kind is left out."""
    shape = {
        "id": token.id,
        "kind": token.kind,
        "name": token.name,
        "project": public_id(token.project_id),
        "role": token.role,
        "type": token.type,
        "environment": token.environment,
        "brokers": token.broker_ids() or None,
        "createdAt": timestamp(token.created_at),
    }
    told = {name: value for name, value in shape.items() if value is not None}
    return {**told, "expiresAt": optional_timestamp(token.expires_at)}


def managed(listed: Listed) -> Json:
    """All that is told of a token to those who manage it; what does not apply is left out."""
    token = listed.token
    shape = {
        **presented(token),
        "state": listed.state,
        "description": token.description,
        "metadata": json.loads(token.metadata) if token.metadata else None,
        "issuer": token.issuer,
        "expiresAt": optional_timestamp(token.expires_at),
        "notBefore": optional_timestamp(token.not_before),
        "lastUsedAt": optional_timestamp(token.last_used_at),
        "suspendedAt": optional_timestamp(token.suspended_at),
        "idleSeconds": token.idle_seconds,
        "allowedIps": json.loads(token.allowed_ips) if token.allowed_ips else None,
        "rateLimit": token.rate_limit,
        "remainingUses": token.uses_left,
        "rotatedFrom": token.rotated_from,
        "rotatedTo": token.rotated_to,
        "retiresAt": optional_timestamp(token.retires_at),
        "endedAt": optional_timestamp(token.ended_at),
        "endedBy": token.ended_by,
        "endReason": token.end_note,
    }
    return {name: value for name, value in shape.items() if value is not None}


def event(record: EventRecord) -> Json:
    """What is told of an event."""
    shape = {
        "id": record.id,
        "at": timestamp(record.at),
        "action": record.action,
        "project": public_id(record.project_id),
        "token": record.token_id,
        "actor": record.actor_id,
        "actorName": record.actor_name,
        "address": record.address,
        "requestId": record.request_id,
    }
    return {name: value for name, value in shape.items() if value is not None}
