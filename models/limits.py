"""Limits that count: remaining uses, uses in a time, and the end of what a token replaces.

A use of a token with such a limit is granted by a write, so that all workers together never grant
more. Tokens without one cost nothing here.
"""

import json

from models.caller import Caller
from models.database import writing
from models.event import Event
from models.token import Token, TokenRecord, read_token

EXHAUSTED, RATE_LIMITED = "exhausted", "rate_limited"
SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
BUCKETS = 10


def spend(token: TokenRecord, now: int) -> str | None:
    """Grant one use of a counted token at that instant (milliseconds), or say why not."""
    with writing(f"use:{token.id}"):
        token = read_token(token.id)
        window = token.rate_window
        if token.uses_left is not None and token.uses_left <= 0:
            return EXHAUSTED
        if token.rate_limit is not None:
            window = admitted(token.rate_limit, window, now)
            if window is None:
                return RATE_LIMITED
        left = None if token.uses_left is None else token.uses_left - 1
        changes = {"uses_left": left, "rate_window": window, "first_use_ends": None}
        Token.update(**changes).where(Token.id == token.id).execute()
        if token.first_use_ends:
            _end_replaced(token, now)
    return None


def admitted(limit: str, window: str | None, now: int) -> str | None:
    """The window of uses with one more in it, or None where the limit is reached.

    `limit` is like `100/minute`. The time is counted in tenths, and those that reach into it are
    counted whole: never more than the limit are granted in any stretch of that time.
    """
    amount, unit = limit.split("/")
    tenth = now * BUCKETS // (SECONDS[unit] * 1000)
    uses = {int(at): count for at, count in json.loads(window or "{}").items()}
    recent = {at: count for at, count in uses.items() if at >= tenth - BUCKETS}
    if sum(recent.values()) >= int(amount):
        return None
    return json.dumps({**recent, tenth: recent.get(tenth, 0) + 1})


def _end_replaced(token: TokenRecord, now: int) -> None:
    """End the token that this one replaces: it was to live until this first use."""
    ended = {"ended_at": now, "end_reason": "rotated", "ended_by": token.id}
    before = Token.id == token.first_use_ends
    if Token.update(**ended).where(before, Token.ended_at.is_null()).execute():
        by = Caller.holder(token.id, token.kind, token.name, token.project_id)
        Event.record("token.retired", by=by, project=token.project_id, token=token.first_use_ends)
