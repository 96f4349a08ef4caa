"""The life of a token: minted, replaced, revoked. Every change leaves exactly one event."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from peewee import SQL, IntegrityError, chunked, fn

from models import secrets
from models.caller import Caller
from models.database import LAST_USED, RESEAL, writing
from models.documented import documented_share
from models.event import Event
from models.failures import (
    EnvironmentNotAllowed,
    ExpiryOutOfRange,
    Forbidden,
    ProjectNotFound,
    PublicShareTokenNotFound,
    RoleNotHeld,
    TokenLimitReached,
    TokenNameTaken,
    TokenNotFound,
)
from models.prepared import Prepared
from models.project import (
    ALL_PROJECTS,
    DELETED,
    PROJECT_COLUMNS,
    Project,
    ProjectRecord,
    bury,
    find_project,
    is_live,
    lock_name,
)
from models.store import store
from models.token import (
    EXPIRED,
    LISTED,
    Token,
    TokenRecord,
    find_by_secret,
    find_token,
    living_shares,
    milliseconds,
)

CENTURY_MILLISECONDS = 100 * 31_556_952_000
ROOT_TOKENS = "root-tokens"
HINT_CHARACTERS = 4
BATCH = 200


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


def mint(project: str, draft: Draft, *, by: Caller) -> Minted:
    """Mint a token for a project.

    Raises ProjectNotFound, RoleNotHeld, EnvironmentNotAllowed, ExpiryOutOfRange, TokenNameTaken,
    TokenLimitReached.
    """
    _check(draft, by)
    with writing(lock_name(project)):
        return _add(project, draft, by)


def replace_share(project: str, *, by: Caller) -> Minted:
    """Mint the share token of a project; those before it die at once, in their grace, too."""
    with writing(lock_name(project)):
        for before in living_shares(project):
            end(before, "replaced", by)
        return _add(project, Draft("share", "public-share"), by)


def revoke_share(project: str, *, by: Caller) -> None:
    """Revoke the share token of a project, and those in their grace.

    Raises PublicShareTokenNotFound.
    """
    with writing(lock_name(project)):
        find_project(project)
        if documented_share(project) is None:
            raise PublicShareTokenNotFound
        for token in living_shares(project):
            end(token, "revoked", by)


def revoke(project: str | None, kind: str, token_id: str, *, by: Caller) -> None:
    """Revoke a token for good; raises TokenNotFound, RoleNotHeld."""
    with writing(lock_name(project) if project else ROOT_TOKENS):
        token = find_token(project, kind, token_id)
        if not by.holds(token.role):
            raise RoleNotHeld
        end(token, "revoked", by)


def revoke_presented(secret: str, *, by: Caller, others: str) -> None:
    """Revoke the token of that secret, if the caller may see it and it is not dead (RFC 7009).

    Any token may end itself; another takes the permission `others`. Raises Forbidden, RoleNotHeld.
    """
    token = find_by_secret(secret)
    if token is None or not by.reaches(token.project_id):
        return
    if token.id != by.token_id:
        if not by.may(others):
            raise Forbidden
        if not by.holds(token.role):
            raise RoleNotHeld
    lock = lock_name(token.project_id) if token.project_id else ROOT_TOKENS
    with suppress(TokenNotFound), writing(lock):
        end(token, "revoked", by)


def delete_project(project: str, *, by: Caller) -> int:
    """Delete a project and revoke all its tokens; says how many; raises ProjectNotFound."""
    # The flush of last-used times and a reseal lock the same rows in another order.
    with writing(ALL_PROJECTS, lock_name(project), LAST_USED, RESEAL):
        owner = find_project(project)
        rows: Any = Token.select(Token.id).where(Token.project == project, LISTED).tuples()
        dying = [row[0] for row in rows]
        end_all(dying, project, by)
        Event.record(DELETED, by=by, project=project)
        Token.update(project=bury(owner)).where(Token.project == project).execute()
        Project.delete().where(Project.id == project).execute()
    return len(dying)


def _check(draft: Draft, by: Caller) -> None:
    if not by.holds(draft.role):
        raise RoleNotHeld
    allowed = store.policy.environments
    if allowed and draft.environment is not None and draft.environment not in allowed:
        raise EnvironmentNotAllowed(f"Allowed are: {', '.join(allowed)}.")


def dying_in_time(
    project: ProjectRecord | None, expires_at: int | None, *, born: int | None = None
) -> int | None:
    """When a token that asks to expire then will: within the longest lifetime that is allowed.

    It counts from when the token was `born`, by default now. Raises ExpiryOutOfRange.
    """
    now, longest = milliseconds(), longest_lifetime(project)
    latest = (born or now) + longest * 1000 if longest else now + CENTURY_MILLISECONDS
    if expires_at is None:
        expires_at = latest if longest else None
    if expires_at is not None and not now < expires_at <= latest:
        raise ExpiryOutOfRange(f"At most {longest} seconds of life." if longest else None)
    return expires_at


def longest_lifetime(project: ProjectRecord | None) -> int | None:
    """How many seconds a new token may live; None for a century, or for ever if it asks not."""
    allowed = (store.policy.max_lifetime_seconds, project and project.max_lifetime_seconds)
    return min((seconds for seconds in allowed if seconds), default=None)


def _add(project: str, draft: Draft, by: Caller) -> Minted:
    owner, tokens, name_expired = _room(project, draft)
    draft = replace(draft, expires_at=dying_in_time(owner, draft.expires_at))
    if name_expired:
        free_names(project, draft.kind, draft.name)
    limit = store.policy.max_tokens_per_project
    if tokens >= limit:
        raise TokenLimitReached(f"At most {limit} tokens; expired ones count until revoked.")
    try:
        return insert(project, draft, by, None)
    except IntegrityError as error:
        raise TokenNameTaken from error


def _room(project: str, draft: Draft) -> tuple[ProjectRecord, int, bool]:
    """A project, how many tokens count there, and whether an expired one bears the name drafted.

    Raises ProjectNotFound.
    """
    found = _ROOM(project, draft.kind, draft.name, milliseconds())
    if not found:
        raise ProjectNotFound
    *owner, tokens, name_expired = found[0]
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
    4,
    lambda project, kind, name, now: Project.select(
        *PROJECT_COLUMNS,
        Token.select(fn.COUNT(SQL("*")))
        .where(Token.project == project, LISTED)
        .where(Token.retires_at.is_null() | (Token.retires_at > now)),
        fn.EXISTS(Token.select(SQL("1")).where(_bearing(project, kind, name, now))),
    ).where(is_live(project)),
)
_INSERT = Prepared(
    len(TokenRecord._fields),
    lambda *values: Token.insert(**dict(zip(TokenRecord._fields, values, strict=True))),
)
