"""Rate limits in memory. Each worker grants its share, so that together they never exceed the limit.

`x-limit` says whom an operation counts: the caller, the address, or nobody. Requests that fail to
authenticate count against their address, so that guessing is slow.
"""

import math
import time

from connexion.middleware.abstract import ROUTING_CONTEXT
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from handlers.wire.contract import LIMIT_BY_ADDRESS, LIMIT_BY_CALLER, contract
from handlers.wire.refusals import RateLimited
from models.failures import Unauthorized


class Allowance:
    """What each caller and each address may still ask of this worker."""

    def __init__(self, limit: RateLimitItem | None) -> None:
        self._limit = limit
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def charge(self, kind: str, name: str) -> None:
        """Count one request; raises RateLimited with whole seconds to wait."""
        if self._limit is None or self._window.hit(self._limit, kind, name):
            return
        stats = self._window.get_window_stats(self._limit, kind, name)
        raise RateLimited(retry_after=max(1, math.ceil(stats.reset_time - time.time())))


class GuessThrottle:
    """ASGI middleware around security: counts what fails to authenticate."""

    def __init__(self, app: ASGIApp, allowance: Allowance) -> None:
        self.app = app
        self.allowance = allowance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except Unauthorized:
            self.allowance.charge("guess", address(scope))
            raise


class CallerThrottle:
    """ASGI middleware behind security: counts callers, or addresses where there is no caller."""

    def __init__(self, app: ASGIApp, allowance: Allowance) -> None:
        self.app = app
        self.allowance = allowance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._charge(scope)
        await self.app(scope, receive, send)

    def _charge(self, scope: Scope) -> None:
        limit = contract.operations[scope["extensions"][ROUTING_CONTEXT]["operation_id"]].limit
        if limit == LIMIT_BY_CALLER:
            caller = scope["extensions"]["connexion_context"]["caller"]
            self.allowance.charge("caller", caller.token_id)
        elif limit == LIMIT_BY_ADDRESS:
            self.allowance.charge("address", address(scope))


def address(scope: Scope) -> str:
    """The address that a request came from."""
    client = scope.get("client")
    return client[0] if client else "local"
