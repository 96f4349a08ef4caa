"""Listing: the tokens of a project in every state, filtered, ordered and by pages."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from peewee import Case, fn

from models.failures import TokenNotFound
from models.token import COLUMNS, EXPIRED, ROTATED, Token, TokenRecord, milliseconds

REVOKED = "revoked"
DEAD = (EXPIRED, ROTATED, REVOKED)
NEVER = 2**62
TURNED = "_desc"


class Listed(NamedTuple):
    """A token and the state that it is in."""

    token: TokenRecord
    state: str


@dataclass(frozen=True)
class Filter:
    """Which tokens; None matches all. Times in milliseconds.

    `minter` is the id of a token that minted them, directly or through tokens that it minted.
    """

    kind: str | None = None
    state: str | None = None
    type: str | None = None
    role: str | None = None
    environment: str | None = None
    name: str | None = None
    expires_before: int | None = None
    expires_after: int | None = None
    last_used_before: int | None = None
    last_used_after: int | None = None
    minter: str | None = None


class Place(NamedTuple):
    """Where a page begins: behind the token with that value in the order, and that id."""

    value: str | int
    token: str


EQUAL = ("kind", "type", "role", "environment", "name")
ORDERS: dict[str, Any] = {
    "created": Token.created_at,
    "name": Token.name,
    "expires": fn.COALESCE(Token.expires_at, NEVER),
    "last_used": fn.COALESCE(Token.last_used_at, 0),
}


def list_page(
    project: str, which: Filter, *, order: str, after: Place | None, limit: int
) -> list[Listed]:
    """Some tokens of a project in an order, which `_desc` behind its name turns round."""
    column, turned = ORDERS[order.removesuffix(TURNED)], order.endswith(TURNED)
    query = _listed(which).where(Token.project == project)
    if after:
        beyond = column < after.value if turned else column > after.value
        behind = Token.id < after.token if turned else Token.id > after.token
        query = query.where(beyond | ((column == after.value) & behind))
    by = (column.desc(), Token.id.desc()) if turned else (column, Token.id)
    return [_record(row) for row in query.order_by(*by).limit(limit).tuples()]


def place_of(token: TokenRecord, order: str) -> Place:
    """Where the page behind a token begins."""
    values: dict[str, str | int] = {
        "created": token.created_at,
        "name": token.name,
        "expires": NEVER if token.expires_at is None else token.expires_at,
        "last_used": token.last_used_at or 0,
    }
    return Place(values[order.removesuffix(TURNED)], token.id)


def show(project: str | None, token_id: str) -> Listed:
    """A token of a project in whatever state; raises TokenNotFound."""
    query = _listed(Filter()).where(Token.id == token_id)
    rows = list(query.tuples())
    if not rows or _record(rows[0]).token.project_id != project:
        raise TokenNotFound
    return _record(rows[0])


def list_whole(project: str | None, which: Filter, *, living: bool) -> list[Listed]:
    """All tokens of a project, or of none, that match, oldest first; or the living among them."""
    owned = Token.project.is_null() if project is None else Token.project == project
    query = _listed(which).where(owned)
    if living:
        query = query.where(state(milliseconds()).not_in(DEAD))
    return [_record(row) for row in query.order_by(Token.id).tuples()]


def matching(project: str, which: Filter) -> list[TokenRecord]:
    """All tokens of a project that match and can be revoked, oldest first.

    The living ones, unless a state is asked for: what expired can still be revoked.
    """
    found = list_whole(project, which, living=which.state is None)
    return [listed.token for listed in found if listed.token.end_reason in (None, EXPIRED)]


def state(now: int) -> Any:
    """The state of a token at an instant, as the database tells it."""
    idle = fn.COALESCE(Token.last_used_at, Token.created_at) + Token.idle_seconds * 1000
    return Case(
        None,
        (
            (Token.end_reason == EXPIRED, EXPIRED),
            (Token.end_reason == ROTATED, ROTATED),
            (Token.ended_at.is_null(False), REVOKED),
            (Token.retires_at <= now, ROTATED),
            (Token.expires_at <= now, EXPIRED),
            (Token.suspended_at.is_null(False), "suspended"),
            (Token.not_before > now, "not_yet_valid"),
            (Token.idle_seconds.is_null(False) & (idle <= now), "idle"),
            (Token.uses_left <= 0, "exhausted"),
        ),
        "active",
    )


def _listed(which: Filter) -> Any:
    now = state(milliseconds())
    query = Token.select(*COLUMNS, now)
    for name in EQUAL:
        if getattr(which, name) is not None:
            query = query.where(getattr(Token, name) == getattr(which, name))
    if which.state is not None:
        query = query.where(now == which.state)
    if which.minter is not None:
        minted = _minted_by(which.minter)
        query = query.where(Token.id.in_(minted.select(minted.c.id))).with_cte(minted)
    for condition in _times(which):
        query = query.where(condition)
    return query


def _minted_by(minter: str) -> Any:
    """The ids of what a token minted, found by the database however many they are."""
    child = Token.alias()
    first = Token.select(Token.id).where(Token.issuer == minter)
    minted = first.cte("minted", recursive=True, columns=("id",))
    further = child.select(child.id).join(minted, on=(child.issuer == minted.c.id))
    return minted.union(further)


def _times(which: Filter) -> list[Any]:
    wanted = [
        (which.expires_before, lambda at: Token.expires_at < at),
        (which.expires_after, lambda at: Token.expires_at > at),
        (which.last_used_before, lambda at: fn.COALESCE(Token.last_used_at, 0) < at),
        (which.last_used_after, lambda at: Token.last_used_at > at),
    ]
    return [condition(at) for at, condition in wanted if at is not None]


def _record(row: tuple[Any, ...]) -> Listed:
    return Listed(TokenRecord(*row[:-1]), row[-1])
