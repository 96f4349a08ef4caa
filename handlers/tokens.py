"""Tokens of every kind: what is the one that was presented?"""

from handlers import Answer
from handlers.wire.times import optional_timestamp, timestamp
from models.caller import Caller
from models.token import read_token


def get_self(caller: Caller) -> Answer:
    """What the presented token is; what does not apply to its kind is left out."""
    token = read_token(caller.token_id)
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
    return {**told, "expiresAt": optional_timestamp(token.expires_at)}, 200
