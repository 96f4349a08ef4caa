"""Rotation: another secret for a token, with all its settings, and a grace for the old one."""

from dataclasses import dataclass

from models.caller import Caller
from models.database import writing
from models.ending import end
from models.event import Event
from models.failures import ExpiryOutOfRange, GraceOutOfRange, RoleNotHeld, TokenStateConflict
from models.life import ROOT_TOKENS
from models.lifetime import CENTURY_MILLISECONDS, dying_in_time, longest_lifetime
from models.limits import lock_name as use_of
from models.minting import Draft, Minted, insert
from models.project import ProjectRecord, find_project, lock_name
from models.secrets import new_row_id
from models.store import store
from models.token import SETTING_NAME, Token, TokenRecord, milliseconds, read_token

CARRIED: tuple[str, ...] = (
    "description",
    "metadata",
    "allowed_ips",
    "rate_limit",
    "rate_window",
    "not_before",
)
CARRIED += ("idle_seconds", "uses_left", "suspended_at", "issuer")


@dataclass(frozen=True)
class Terms:
    """How long the old token lives on, in seconds, and whether the first use of the new ends it.

    `expires_at` (milliseconds) is when the new one expires; by default it lives as long as the old
    one was meant to, or as long as is allowed by now.
    """

    grace_seconds: int = 0
    until_first_use: bool = False
    expires_at: int | None = None


def rotate(token: TokenRecord, terms: Terms, *, by: Caller) -> Minted:
    """Mint the successor of a token.

    Raises RoleNotHeld, GraceOutOfRange, ExpiryOutOfRange, TokenStateConflict.
    """
    if not by.holds(token.role):
        raise RoleNotHeld
    if terms.grace_seconds > store.policy.max_grace_seconds:
        raise GraceOutOfRange(f"At most {store.policy.max_grace_seconds} seconds.")
    owner = lock_name(token.project_id) if token.project_id else ROOT_TOKENS
    with writing(owner, use_of(token.id)):
        old = _rotatable(read_token(token.id))
        successor = new_row_id()
        _retire(old, successor, terms, by)
        return insert(old.project_id, _draft(old, successor, terms, by), by, None)


def _rotatable(token: TokenRecord) -> TokenRecord:
    if not token.is_live(milliseconds()):
        raise TokenStateConflict("It is dead.")
    if token.rotated_to:
        raise TokenStateConflict("It was rotated before; rotate its successor.")
    if token.name == SETTING_NAME and token.kind == "root":
        raise TokenStateConflict(f"{SETTING_NAME} gives it: change the setting.")
    return token


def _retire(old: TokenRecord, successor: str, terms: Terms, by: Caller) -> None:
    if terms.grace_seconds == 0 and not terms.until_first_use:
        Token.update(rotated_to=successor).where(Token.id == old.id).execute()
        end(old, "rotated", by)
        return
    grace = terms.grace_seconds or store.policy.max_grace_seconds
    until = milliseconds() + grace * 1000
    Token.update(rotated_to=successor, retires_at=until).where(Token.id == old.id).execute()
    Event.record("token.rotated", by=by, project=old.project_id, token=old.id)


def _draft(old: TokenRecord, successor: str, terms: Terms, by: Caller) -> Draft:
    project = find_project(old.project_id) if old.project_id else None
    carried = {name: getattr(old, name) for name in CARRIED}
    if terms.until_first_use:
        carried["first_use_ends"] = old.id
    return Draft(
        old.kind,
        old.name,
        type=old.type,
        role=old.role,
        environment=old.environment,
        brokers=old.broker_ids(),
        expires_at=dying_in_time(project, _expiry(old, project, terms, by)),
        carried={**carried, "id": successor, "rotated_from": old.id},
    )


def _expiry(
    old: TokenRecord, project: ProjectRecord | None, terms: Terms, by: Caller
) -> int | None:
    """When the successor is to expire. Nobody gives the token that he holds a longer life."""
    meant = _as_long(old, project)
    if meant and terms.expires_at and by.token_id == old.id and terms.expires_at > meant:
        raise ExpiryOutOfRange("At most as long as the one before it was meant to live.")
    return terms.expires_at or meant


def _as_long(old: TokenRecord, project: ProjectRecord | None) -> int | None:
    """When a token expires that lives as long as the old one was meant to, if it still may."""
    if old.expires_at is None:
        return None
    longest = longest_lifetime(project)
    allowed = longest * 1000 if longest else CENTURY_MILLISECONDS
    return milliseconds() + min(old.expires_at - old.created_at, allowed)
