"""Management: change, suspend, resume and revoke tokens of any kind."""

import hashlib
from collections.abc import Callable, Container
from typing import Any

import orjson
from peewee import IntegrityError

from models.caller import Caller
from models.database import LAST_USED, RESEAL, writing
from models.ending import end, end_all
from models.event import Event
from models.failures import (
    CountNotConfirmed,
    PreconditionFailed,
    RoleNotHeld,
    TokenNameTaken,
    TokenStateConflict,
)
from models.life import ROOT_TOKENS
from models.lifetime import dying_in_time
from models.limits import lock_name as use_of
from models.listing import Filter, Listed, matching, show
from models.minting import free_names, require_networks
from models.project import find_project, lock_name
from models.token import EXPIRED, Token, TokenRecord, milliseconds

# What comes and goes with use is no change that an editor could overwrite.
FLEETING = ("last_used_at", "uses_left", "rate_window", "first_use_ends")


def version(token: TokenRecord) -> str:
    """What tells one state of a token's settings from another: 32 hexadecimal characters."""
    lasting = {
        name: value
        for name, value in token._asdict().items()
        if name not in FLEETING and not isinstance(value, bytes | memoryview)
    }
    return hashlib.sha256(orjson.dumps(lasting)).hexdigest()[:32]


def change(
    project: str,
    token_id: str,
    changes: dict[str, Any],
    *,
    by: Caller,
    unless_changed: Container[str] | None = None,
) -> Listed:
    """Change columns of a living token; `unless_changed` has the versions that the caller knows.

    Raises TokenNotFound, RoleNotHeld, PreconditionFailed, TokenStateConflict, TokenNameTaken,
    ExpiryOutOfRange.
    """
    with writing(lock_name(project), use_of(token_id)):
        token = _alive(project, token_id, by)
        if unless_changed is not None and version(token) not in unless_changed:
            raise PreconditionFailed
        changes = _in_order(token, changes)
        require_networks(changes.get("allowed_ips", by.networks), by)
        if changes:
            _write(token, changes)
            Event.record("token.updated", by=by, project=project, token=token_id)
        return show(project, token_id)


def suspend(project: str, token_id: str, *, by: Caller) -> Listed:
    """Make a token good for nothing until it is resumed; nothing happens where it is already."""
    return _turn(project, token_id, "suspended", lambda at: at or milliseconds(), by)


def resume(project: str, token_id: str, *, by: Caller) -> Listed:
    """Make a suspended token good again; nothing happens where it is not suspended."""
    return _turn(project, token_id, "resumed", lambda _: None, by)


def revoke(project: str | None, token_id: str, note: str | None, *, by: Caller) -> Listed:
    """Revoke a token for good, with a note of why."""
    with writing(lock_name(project) if project else ROOT_TOKENS):
        end(_not_ended(project, token_id, by), "revoked", by, note)
        return show(project, token_id)


def revoke_matching(
    project: str, which: Filter, confirmed: int | None, note: str | None, *, by: Caller
) -> int:
    """How many tokens match, as `matching` says; they are revoked if that number was confirmed.

    Raises CountNotConfirmed, RoleNotHeld.
    """
    # The flush of last-used times and a reseal lock the same rows in another order.
    with writing(lock_name(project), LAST_USED, RESEAL):
        found = matching(project, which)
        if confirmed is None:
            return len(found)
        if confirmed != len(found):
            raise CountNotConfirmed(f"{len(found)} tokens match.")
        if not all(by.holds(token.role) for token in found):
            raise RoleNotHeld
        end_all([token.id for token in found], project, by, note)
    return len(found)


def _alive(project: str, token_id: str, by: Caller) -> TokenRecord:
    token = _not_ended(project, token_id, by)
    if not token.is_live(milliseconds()):
        raise TokenStateConflict("It is dead.")
    return token


def _not_ended(project: str | None, token_id: str, by: Caller) -> TokenRecord:
    """A token that can still be revoked; one that has expired can, and leaves the lists then."""
    token = show(project, token_id).token
    if not by.holds(token.role) and token.id != by.token_id:
        raise RoleNotHeld
    if token.ended_at is not None and token.end_reason != EXPIRED:
        raise TokenStateConflict("It is dead.")
    return token


def _turn(
    project: str, token_id: str, action: str, when: Callable[[int | None], int | None], by: Caller
) -> Listed:
    with writing(lock_name(project)):
        token = _alive(project, token_id, by)
        at = when(token.suspended_at)
        if at != token.suspended_at:
            Token.update(suspended_at=at).where(Token.id == token_id).execute()
            Event.record(f"token.{action}", by=by, project=project, token=token_id)
        return show(project, token_id)


def _in_order(token: TokenRecord, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes that change something; raises where the kind of token does not allow them."""
    if "name" in changes and token.kind == "share":
        raise TokenStateConflict("The token of a share link has no name of its own.")
    if "brokers" in changes and token.kind != "project":
        raise TokenStateConflict("Only project tokens have brokers.")
    if "expires_at" in changes and token.project_id:
        owner = find_project(token.project_id)
        expires_at = dying_in_time(owner, changes["expires_at"], born=token.created_at)
        changes = {**changes, "expires_at": expires_at}
    before = token._asdict()
    return {name: value for name, value in changes.items() if value != before[name]}


def _write(token: TokenRecord, changes: dict[str, Any]) -> None:
    if "name" in changes:
        free_names(token.project_id or "", token.kind, changes["name"])
    if "rate_limit" in changes:
        changes = {**changes, "rate_window": None}
    try:
        Token.update(**changes).where(Token.id == token.id).execute()
    except IntegrityError as error:
        raise TokenNameTaken from error
