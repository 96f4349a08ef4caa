"""What can go wrong, each truth under its own name.

A failure knows neither HTTP nor a dialect: the contract's `x-faults` has a row of the same name.
"""

import re

RETRY_AFTER_SECONDS = 2


class Failure(Exception):
    """A truth that a caller may hear: its snake_case name is its row in `x-faults`."""

    def __init__(
        self, detail: str | None = None, *, path: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(detail or self.row())
        self.detail = detail
        self.path = path
        self.retry_after = retry_after

    @classmethod
    def row(cls) -> str:
        """The name of the row in `x-faults` that words this failure."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Unauthorized(Failure):
    """No credential, or one that is unknown, expired or revoked."""


class Forbidden(Failure):
    """The caller may not do this, or not here."""


class RoleNotHeld(Failure):
    """The caller would mint or revoke more than it holds."""


class RequirementNotMet(Failure):
    """The presented token is not good for what is asked; the detail is the verdict's reason."""


class ProjectNotFound(Failure):
    """No such project."""


class ProjectExists(Failure):
    """The id is in use."""


class ProjectLimitReached(Failure):
    """The server holds as many projects as it may."""


class TokenNotFound(Failure):
    """No such token in this project."""


class PublicShareTokenNotFound(Failure):
    """The project is not shared, or the link is dead."""


class TokenNameTaken(Failure):
    """A live token of the project has that name."""


class TokenLimitReached(Failure):
    """The project holds as many live tokens as it may."""


class TokenStateConflict(Failure):
    """The token is in a state in which this cannot be done."""


class PreconditionFailed(Failure):
    """The token was changed since the caller read it."""


class CountNotConfirmed(Failure):
    """The filter matches another number of tokens than was confirmed."""


class IdempotencyKeyReused(Failure):
    """The key was used for another request before."""


class EnvironmentNotAllowed(Failure):
    """The environment is not on the list of allowed ones."""


class ExpiryOutOfRange(Failure):
    """The token would be born dead, or outlive a century."""


class GraceOutOfRange(Failure):
    """The old token would live on for longer than the operator allows."""


class StorageUnavailable(Failure):
    """The database cannot be reached, is busy, full or read-only; it may be well again soon."""

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_AFTER_SECONDS)
