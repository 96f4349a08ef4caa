"""Minting: what a new token is made of, and how it is written."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from peewee import SQL, IntegrityError, Select, fn

from models import secrets
from models.caller import Caller
from models.event import Event
from models.failures import (
    EnvironmentNotAllowed,
    ProjectNotFound,
    RoleNotHeld,
    TokenLimitReached,
    TokenNameTaken,
)
from models.lifetime import dying_in_time
from models.prepared import Prepared
from models.project import PROJECT_COLUMNS, Project, ProjectRecord, is_live
from models.store import store
from models.token import EXPIRED, LISTED, Token, TokenRecord, milliseconds
from models.waiting import WouldWait, on_the_loop

HINT_CHARACTERS = 4
MANY = 10_000  # tokens of a project: about a millisecond to count


@dataclass(frozen=True)
class Draft:
    """A token to be. `expires_at` is in milliseconds since 1970; `carried` are further columns."""

    kind: str
    name: str
    type: str | None = None
    role: str | None = None
    environment: str | None = None
    brokers: list[str] = field(default_factory=list)
    expires_at: int | None = None
    carried: dict[str, Any] = field(default_factory=dict)


class Minted(NamedTuple):
    """A new token and its secret, which is nowhere else in the clear."""

    token: TokenRecord
    secret: str

    def __repr__(self) -> str:
        return f"Minted({self.token.id})"


SHAPES: dict[str, Callable[[str, Draft], str]] = {
    "api": lambda project, draft: secrets.api_token(project, draft.environment or "*"),
    "project": lambda project, draft: secrets.prefixed_token("jeton_project"),
    "root": lambda project, draft: secrets.prefixed_token("jeton_root"),
    "share": lambda project, draft: secrets.share_token(),
}


def require_allowed(draft: Draft, by: Caller) -> None:
    """See that the caller and the policy allow it; raises RoleNotHeld, EnvironmentNotAllowed."""
    if not by.holds(draft.role):
        raise RoleNotHeld
    allowed = store.policy.environments
    if allowed and draft.environment is not None and draft.environment not in allowed:
        raise EnvironmentNotAllowed(f"Allowed are: {', '.join(allowed)}.")


def add(project: str, draft: Draft, by: Caller) -> Minted:
    """Mint a token into the transaction at hand, which holds the project.

    Raises ProjectNotFound, ExpiryOutOfRange, TokenNameTaken, TokenLimitReached, RoleNotHeld;
    WouldWait on the event loop, where there are too many tokens to be counted there.
    """
    limit = store.policy.max_tokens_per_project
    owner, tokens, name_expired = _room(project, draft, limit)
    draft = replace(draft, expires_at=dying_in_time(owner, draft.expires_at))
    if name_expired:
        free_names(project, draft.kind, draft.name)
    if tokens >= limit:
        raise TokenLimitReached(f"At most {limit} tokens; expired ones count until revoked.")
    try:
        return insert(project, draft, by, None)
    except IntegrityError as error:
        raise TokenNameTaken from error


def _room(project: str, draft: Draft, limit: int) -> tuple[ProjectRecord, int, bool]:
    """A project, how many tokens count there, and whether an expired one bears the name drafted.

    They are counted up to the limit. Raises ProjectNotFound, WouldWait.
    """
    most = min(limit, MANY) if on_the_loop.get() else limit
    found = _ROOM(project, draft.kind, draft.name, milliseconds(), most)
    if not found:
        raise ProjectNotFound
    *owner, tokens, name_expired = found[0]
    if tokens == most < limit:
        raise WouldWait
    return ProjectRecord(*owner), tokens, bool(name_expired)


def free_names(project: str, kind: str, name: str) -> None:
    """End those that bear a name and have expired: they bear it no longer.

    What was rotated gave its name up before.
    """
    _FREE.change(project, kind, name, milliseconds())


def insert(project: str | None, draft: Draft, by: Caller, secret: str | None) -> Minted:
    """Write a new token and its event into the transaction at hand.

    Its networks are those drafted, by default the caller's; raises RoleNotHeld for any beyond.
    """
    carried = {"allowed_ips": by.networks, **draft.carried}
    require_networks(carried["allowed_ips"], by)
    secret = secret or SHAPES[draft.kind](project or "*", draft)
    row_id, keyring = draft.carried.get("id") or secrets.new_row_id(), store.keyring
    drafted = TokenRecord(
        id=row_id,
        kind=draft.kind,
        project_id=project,
        name=draft.name,
        digest=keyring.digest(secret),
        sealed=keyring.seal(secret, row_id) if _kept(draft) else None,
        fingerprint=keyring.fingerprint(secret),
        key_id=keyring.newest.id.hex(),
        shown=f"{project}:{draft.environment}." if draft.kind == "api" else "",
        hint=secret[-HINT_CHARACTERS:],
        type=draft.type,
        role=draft.role,
        environment=draft.environment,
        brokers=json.dumps(draft.brokers) if draft.brokers else None,
        issuer=by.token_id,
        created_at=milliseconds(),
        expires_at=draft.expires_at,
        last_used_at=None,
        ended_at=None,
        end_reason=None,
    )
    record = drafted._replace(**carried)
    _INSERT.change(*record)
    Event.record("token.minted", by=by, project=project, token=row_id)
    return Minted(record, secret)


def require_networks(networks: str | None, by: Caller) -> None:
    """See that a token is good nowhere but where the caller is; raises RoleNotHeld."""
    if not by.covers(networks):
        raise RoleNotHeld("It would be good in other networks than yours.")


def _kept(draft: Draft) -> bool:
    return draft.kind == "share" or (draft.kind == "api" and store.policy.show_secrets)


def _bearing(project: Any, kind: Any, name: Any, now: Any) -> Any:
    """What holds for tokens that bear a name though they have expired."""
    return (
        (Token.project == project)
        & (Token.kind == kind)
        & (Token.name == name)
        & Token.ended_at.is_null()
        & Token.rotated_to.is_null()
        & (Token.expires_at <= now)
    )


_FREE = Prepared(
    4,
    lambda project, kind, name, now: Token.update(
        ended_at=Token.expires_at, end_reason=EXPIRED
    ).where(_bearing(project, kind, name, now)),
)
_ROOM = Prepared(
    5,
    lambda project, kind, name, now, most: Project.select(
        *PROJECT_COLUMNS,
        Select(
            [
                Token.select(SQL("1"))
                .where(Token.project == project, LISTED)
                .where(Token.retires_at.is_null() | (Token.retires_at > now))
                .limit(most)
            ],
            [fn.COUNT(SQL("*"))],
        ),
        fn.EXISTS(Token.select(SQL("1")).where(_bearing(project, kind, name, now))),
    ).where(is_live(project)),
)
_INSERT = Prepared(
    len(TokenRecord._fields),
    lambda *values: Token.insert(**dict(zip(TokenRecord._fields, values, strict=True))),
)
