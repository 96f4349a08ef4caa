"""Verification: is this token good, and for this? The one place that says so, for every door."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from models.addresses import ip_address, networks_of
from models.caller import Caller
from models.failures import PublicShareTokenNotFound, TokenNotFound, Unauthorized
from models.last_used import last_used
from models.limits import EXHAUSTED, RATE_LIMITED, spend
from models.recent import recent
from models.reuse import reuse
from models.token import EXPIRED, ROTATED, TokenRecord, find_by_secret, milliseconds, read_token

VALID, NOT_FOUND = "valid", "not_found"
ROOT, SHARE, UNRESTRICTED = "root", "share", "unrestricted"
DEAD = ("revoked", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer(Caller):
    """A caller with the token that was presented, as it was found."""

    token: TokenRecord


class Needs(NamedTuple):
    """What a token has to be good for. None asks for nothing; `roles` are those that suffice.

    `address` is where the token was presented from, for tokens that are good from some places only.
    `granted` says that a use was granted before and is judged again: none need be left then.
    """

    project: str | None = None
    kind: str | None = None
    type: str | None = None
    environment: str | None = None
    broker: str | None = None
    roles: frozenset[str] | None = None
    address: str | None = None
    granted: bool = False


class Verdict(NamedTuple):
    """A reason, `valid` or why not, and the token where there is one that may be told of."""

    reason: str
    token: TokenRecord | None = None

    @property
    def valid(self) -> bool:
        """Whether the token is good for what was asked."""
        return self.reason == VALID


def judge(token: TokenRecord, needs: Needs, now: int) -> str:
    """The first reason why the token is not good at that instant (milliseconds), or `valid`."""
    state = _first_broken(STATES, token, needs, now)
    return unmet(token, needs) if state == VALID else state


def unmet(token: TokenRecord, needs: Needs) -> str:
    """The first requirement that a good token does not meet, or `valid`; root meets all."""
    return VALID if token.kind == ROOT else _first_broken(REQUIREMENTS, token, needs, 0)


def verify(secret: str, needs: Needs, *, by: Caller | None = None) -> Verdict:
    """The verdict on a presented secret; a good one counts as a use of the token.

    Where `by` asks, a token that it may not see is `not_found`.
    """
    found = recent.find(secret)
    now = milliseconds()  # not before: looking it up may have to wait
    verdict = _verdict(found, needs, by, now)
    token = verdict.token
    if not verdict.valid or token is None:
        if token and token.rotated_to and verdict.reason in DEAD:
            reuse.note(token, needs.address)
        return verdict
    if token.is_counted and (refusal := spend(token, partial(_why_not, needs))):
        return Verdict(refusal, token)
    last_used.note(token.id, now)
    return verdict


def verify_id(token_id: str, needs: Needs, *, by: Caller) -> Verdict:
    """The verdict on a token that was presented before; not a use of it, nor in want of one."""
    try:
        found = read_token(token_id)
    except TokenNotFound:
        return Verdict(NOT_FOUND)
    return _verdict(found, needs._replace(granted=True), by, milliseconds())


def authenticate(secret: str, address: str | None = None) -> TokenRecord:
    """The good token behind a secret that was presented from an address.

    Raises Unauthorized, alike for whatever is not good.
    """
    verdict = verify(secret, Needs(address=address))
    if not verdict.valid or verdict.token is None:
        raise Unauthorized
    return verdict.token


def rotated_out(secret: str, address: str | None = None) -> TokenRecord:
    """The token behind a secret that nothing but its rotation made useless, for no other use.

    Its successor must be good where it was presented from, and not have been used yet: whoever
    uses that has heard of it. Raises Unauthorized, alike for all else.
    """
    token = find_by_secret(secret)
    if token is None or token.rotated_to is None or token.end_reason not in (None, ROTATED):
        raise Unauthorized
    with suppress(TokenNotFound):
        successor, needs = read_token(token.rotated_to), Needs(address=address, granted=True)
        before = token._replace(ended_at=None, end_reason=None, retires_at=None)
        reasons = {judge(each, needs, milliseconds()) for each in (before, successor)}
        if reasons == {VALID} and not (successor.last_used_at or last_used.of(successor.id)):
            return token
    raise Unauthorized


def verify_share(secret: str, address: str | None = None) -> TokenRecord:
    """The good share token behind a link; raises PublicShareTokenNotFound for anything else."""
    verdict = verify(secret, Needs(kind=SHARE, address=address))
    if not verdict.valid or verdict.token is None or verdict.token.kind != SHARE:
        raise PublicShareTokenNotFound
    return verdict.token


def _verdict(token: TokenRecord | None, needs: Needs, by: Caller | None, now: int) -> Verdict:
    if token is None or (by and not by.reaches(token.project_id)):
        return Verdict(NOT_FOUND)
    return Verdict(judge(token, needs, now), token)


def _why_not(needs: Needs, token: TokenRecord, now: int) -> str | None:
    reason = judge(token, needs, now)
    return None if reason == VALID else reason


def _first_broken(rules: "Rules", token: TokenRecord, needs: Needs, now: int) -> str:
    for reason, broken in rules.items():
        if broken(token, needs, now):
            return reason
    return VALID


def _is_revoked(token: TokenRecord, needs: Needs, now: int) -> bool:
    return token.ended_at is not None and token.end_reason != EXPIRED


def _is_idle(token: TokenRecord, needs: Needs, now: int) -> bool:
    if token.idle_seconds is None:
        return False
    last = max(token.created_at, token.last_used_at or 0, last_used.of(token.id))
    return now >= last + token.idle_seconds * 1000


def _is_elsewhere(token: TokenRecord, needs: Needs, now: int) -> bool:
    if token.allowed_ips is None:
        return False
    try:
        address = ip_address(needs.address or "")
    except ValueError:
        return True
    return not any(address in network for network in networks_of(token.allowed_ips))


def _is_exhausted(token: TokenRecord, needs: Needs, now: int) -> bool:
    return not needs.granted and token.uses_left is not None and token.uses_left <= 0


def _is_other_type(token: TokenRecord, needs: Needs, now: int) -> bool:
    return needs.kind not in (None, token.kind) or needs.type not in (None, token.type)


def _lacks_broker(token: TokenRecord, needs: Needs, now: int) -> bool:
    if needs.broker is None or token.type == UNRESTRICTED:
        return False
    return needs.broker not in token.broker_ids()


Rules = dict[str, Callable[[TokenRecord, Needs, int], bool]]
STATES: Rules = {
    "revoked": _is_revoked,
    "expired": lambda token, _, now: not token.is_live(now),
    "suspended": lambda token, _, now: token.suspended_at is not None,
    "not_yet_valid": lambda token, _, now: token.not_before is not None and now < token.not_before,
    "idle": _is_idle,
    "ip_not_allowed": _is_elsewhere,
    EXHAUSTED: _is_exhausted,
}
REQUIREMENTS: Rules = {
    "wrong_project": lambda token, needs, _: needs.project not in (None, token.project_id),
    "wrong_environment": lambda token, needs, _: needs.environment not in (None, token.environment),
    "wrong_type": _is_other_type,
    "wrong_broker": _lacks_broker,
    "insufficient_role": lambda token, needs, _: (
        needs.roles is not None and token.role not in needs.roles
    ),
}
REASONS = (VALID, NOT_FOUND, *STATES, *REQUIREMENTS, RATE_LIMITED)
