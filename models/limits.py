"""Limits that count: remaining uses, uses in a time, and the end of what a token replaces.

A use of a token with such a limit is granted by a write, so that all workers together never grant
more. Tokens without one cost nothing here.
"""

import json
from collections.abc import Callable
from contextlib import suppress

from models.caller import Caller
from models.database import database, writing
from models.event import Event
from models.failures import TokenNotFound
from models.token import Token, TokenRecord, milliseconds, read_token

EXHAUSTED, RATE_LIMITED = "exhausted", "rate_limited"
SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
BUCKETS = 10


def spend(
    token: TokenRecord, why_not: Callable[[TokenRecord, int], str | None] | None = None
) -> str | None:
    """Grant one use of a counted token, or say why not.

    `why_not` judges it as it is at the instant when its turn has come.
    """
    with writing(lock_name(token.id)):
        now = milliseconds()  # not before: waiting for a turn is no use
        token = read_token(token.id)
        if why_not and (refusal := why_not(token, now)):
            return refusal
        counting = _newest(token)
        window = counting.rate_window
        if counting.uses_left is not None and counting.uses_left <= 0:
            return EXHAUSTED
        if counting.rate_limit is not None:
            window = admitted(counting.rate_limit, window, now)
            if window is None:
                return RATE_LIMITED
        # The oldest first, as a flush of last-used times does, so that neither waits in a ring.
        if token.first_use_ends:
            _end_replaced(token, now)
        left = None if counting.uses_left is None else counting.uses_left - 1
        counted = {"uses_left": left, "rate_window": window}
        Token.update(**counted).where(Token.id == counting.id).execute()
    return None


def lock_name(token_id: str) -> str:
    """What to hold while a token is counted."""
    return f"use:{token_id}"


def _newest(token: TokenRecord) -> TokenRecord:
    """The last of those that a token was rotated to: they share what is left, which it keeps."""
    with suppress(TokenNotFound):  # a successor that died early may be purged
        while token.rotated_to:
            database.hold(lock_name(token.rotated_to))
            token = read_token(token.rotated_to)
    return token


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
    """End the token that this one replaces, if it still lives: it was to until this first use."""
    ended = {"ended_at": now, "end_reason": "rotated", "ended_by": token.id}
    before = Token.id == token.first_use_ends
    unexpired = Token.expires_at.is_null() | (Token.expires_at > now)
    alive = Token.ended_at.is_null() & (Token.retires_at > now) & unexpired
    if Token.update(**ended).where(before, alive).execute():
        by = Caller.holder(token.id, token.kind, token.name, token.project_id)
        Event.record("token.retired", by=by, project=token.project_id, token=token.first_use_ends)
    Token.update(first_use_ends=None).where(Token.id == token.id).execute()
