"""Verification: is this token good, and for this? The one place that says so, for every door."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from models.caller import Caller
from models.failures import PublicShareTokenNotFound, TokenNotFound, Unauthorized
from models.last_used import last_used
from models.token import EXPIRED, TokenRecord, find_by_secret, milliseconds, read_token

VALID, NOT_FOUND = "valid", "not_found"
ROOT, SHARE, UNRESTRICTED = "root", "share", "unrestricted"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a token has to be good for. None asks for nothing; `roles` are those that suffice."""

    project: str | None = None
    kind: str | None = None
    type: str | None = None
    environment: str | None = None
    broker: str | None = None
    roles: frozenset[str] | None = None


NOTHING = Needs()


class Verdict(NamedTuple):
    """A reason, `valid` or why not, and the token where there is one that may be told of."""

    reason: str
    token: TokenRecord | None = None

    @property
    def valid(self) -> bool:
        """Whether the token is good for what was asked."""
        return self.reason == VALID


def judge(token: TokenRecord, needs: Needs, now: int) -> str:
    """The first reason why the token is not good at that instant (milliseconds), or `valid`.

    A root token is good for everything.
    """
    rules = STATES if token.kind == ROOT else STATES | REQUIREMENTS
    return next((reason for reason, broken in rules.items() if broken(token, needs, now)), VALID)


def verify(secret: str, needs: Needs = NOTHING, *, by: Caller | None = None) -> Verdict:
    """The verdict on a presented secret; a good one counts as a use of the token.

    Where `by` asks, a token that it may not see is `not_found`.
    """
    verdict = _verdict(find_by_secret(secret), needs, by)
    if verdict.valid and verdict.token:
        last_used.note(verdict.token.id, milliseconds())
    return verdict


def verify_id(token_id: str, needs: Needs, *, by: Caller) -> Verdict:
    """The verdict on a token that its holder presented before; not a use of it."""
    try:
        return _verdict(read_token(token_id), needs, by)
    except TokenNotFound:
        return Verdict(NOT_FOUND)


def authenticate(secret: str) -> TokenRecord:
    """The good token behind a presented secret.

    Raises Unauthorized, alike for unknown, expired and revoked tokens.
    """
    verdict = verify(secret)
    if not verdict.valid or verdict.token is None:
        raise Unauthorized
    return verdict.token


def verify_share(secret: str) -> TokenRecord:
    """The good share token behind a link; raises PublicShareTokenNotFound for anything else."""
    verdict = verify(secret, Needs(kind=SHARE))
    if not verdict.valid or verdict.token is None or verdict.token.kind != SHARE:
        raise PublicShareTokenNotFound
    return verdict.token


def _verdict(token: TokenRecord | None, needs: Needs, by: Caller | None) -> Verdict:
    if token is None or (by and not by.reaches(token.project_id)):
        return Verdict(NOT_FOUND)
    return Verdict(judge(token, needs, milliseconds()), token)


def _is_revoked(token: TokenRecord, needs: Needs, now: int) -> bool:
    return token.ended_at is not None and token.end_reason != EXPIRED


def _is_expired(token: TokenRecord, needs: Needs, now: int) -> bool:
    return not token.is_live(now)


def _lacks_broker(token: TokenRecord, needs: Needs, now: int) -> bool:
    if needs.broker is None or token.type == UNRESTRICTED:
        return False
    return needs.broker not in token.broker_ids()


def _is_other_type(token: TokenRecord, needs: Needs, now: int) -> bool:
    return needs.kind not in (None, token.kind) or needs.type not in (None, token.type)


Rule = Callable[[TokenRecord, Needs, int], bool]
STATES: dict[str, Rule] = {"revoked": _is_revoked, "expired": _is_expired}
REQUIREMENTS: dict[str, Rule] = {
    "wrong_project": lambda token, needs, _: needs.project not in (None, token.project_id),
    "wrong_environment": lambda token, needs, _: needs.environment not in (None, token.environment),
    "wrong_type": _is_other_type,
    "wrong_broker": _lacks_broker,
    "insufficient_role": lambda token, needs, _: (
        needs.roles is not None and token.role not in needs.roles
    ),
}
