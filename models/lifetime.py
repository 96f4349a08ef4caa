"""Lifetimes: how long a token may live, by the policy and by its project."""

from models.failures import ExpiryOutOfRange
from models.project import ProjectRecord
from models.store import store
from models.token import milliseconds

CENTURY_MILLISECONDS = 100 * 31_556_952_000


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
