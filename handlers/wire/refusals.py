"""What the wire itself refuses, before a handler is asked. Each has its row in `x-faults`."""

from models.failures import Failure


class BadRequest(Failure):
    """The request could not be understood."""


class ValidationFailed(Failure):
    """The request breaks the contract."""


class NotFound(Failure):
    """There is nothing at the path."""


class MethodNotAllowed(Failure):
    """The path does not take the method."""


class PayloadTooLarge(Failure):
    """The body is too large."""


class UnsupportedMediaType(Failure):
    """The body is not JSON in UTF-8."""


class RateLimited(Failure):
    """The caller asks too often."""


class InternalError(Failure):
    """The server failed."""
