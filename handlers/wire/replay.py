"""Replay: what was asked with an Idempotency-Key is answered again, not carried out again.

As draft-ietf-httpapi-idempotency-key-header has it; a key belongs to its caller, method and path.
"""

import base64
import json
from collections.abc import Callable
from typing import Any

import orjson
from starlette.types import Scope

from handlers.wire.bodies import BODY
from handlers.wire.contract import Operation
from models.failures import Unauthorized
from models.idempotency import answer_once, was_answered

HEADER = b"idempotency-key"
REPLAYED = (b"idempotency-replayed", b"true")

Response = tuple[int, list[tuple[bytes, bytes]], bytes]


def key_of(scope: Scope, operation: Operation) -> str | None:
    """The key of a request, where its operation takes one, without the quotes that it may have."""
    if not operation.idempotent:
        return None
    sent = (value for name, value in scope["headers"] if name == HEADER)
    key: bytes | None = next(sent, None)
    return key.decode("latin-1").strip().strip('"') if key is not None else None


def once(scope: Scope, key: str, work: Callable[[], Response]) -> Response:
    """The response of the work, or the one that was given to the same request before.

    For a caller that only replays no work is done: Unauthorized.
    """
    caller = scope["extensions"]["connexion_context"]["caller"]
    first = _refuse if caller.only_replays else lambda: _packed(work())
    name = _name(scope, key, caller.token_id)
    text, replayed = answer_once(name, _payload(scope), first)
    status, headers, content = _unpacked(text)
    return status, [*headers, REPLAYED] if replayed else headers, content


def has_answer(scope: Scope, key: str, token_id: str) -> bool:
    """Whether the request of that token was answered before."""
    return was_answered(_name(scope, key, token_id))


def _name(scope: Scope, key: str, token_id: str) -> str:
    return orjson.dumps([token_id, scope["method"], scope["path"], key]).decode()


def _refuse() -> str:
    raise Unauthorized


def _payload(scope: Scope) -> bytes:
    body = scope["extensions"].get(BODY)
    # Not by orjson: what the contract ignores may hold integers of any size.
    return b"" if body is None else json.dumps(body, sort_keys=True).encode()


def _packed(response: Response) -> str:
    status, headers, content = response
    told = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]
    return orjson.dumps([status, told, base64.b64encode(content).decode()]).decode()


def _unpacked(text: str) -> Response:
    status, told, content = orjson.loads(text)
    headers: list[Any] = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told]
    return status, headers, base64.b64decode(content)
