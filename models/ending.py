"""Ending: how the end of tokens is written into the transaction at hand."""

from collections.abc import Iterable

from peewee import chunked

from models.caller import Caller
from models.event import Event
from models.failures import TokenNotFound
from models.token import LISTED, Token, TokenRecord, milliseconds

BATCH = 200


def end(token: TokenRecord, reason: str, by: Caller, note: str | None = None) -> None:
    """Write the end of a token and its event into the transaction at hand."""
    ended = {"ended_at": milliseconds(), "end_reason": reason, "ended_by": by.token_id}
    changed = Token.update(end_note=note, **ended).where(Token.id == token.id, LISTED).execute()
    if not changed:
        raise TokenNotFound
    Event.record(f"token.{reason}", by=by, project=token.project_id, token=token.id)


def end_all(tokens: Iterable[str], project: str, by: Caller, note: str | None = None) -> None:
    """Revoke living tokens of a project in the transaction at hand, which holds their rows."""
    ended = {"ended_at": milliseconds(), "end_reason": "revoked", "ended_by": by.token_id}
    for batch in chunked(tokens, BATCH):
        Token.update(end_note=note, **ended).where(Token.id.in_(batch)).execute()
        Event.record_all("token.revoked", by=by, project=project, tokens=batch)
