"""Rate limits.

In memory each worker grants its share, so that together they never exceed the limit; with Redis
all workers of all machines count together.

`x-limit` says whom an operation counts: the caller, the address, or nobody. Requests that fail to
authenticate count against their address, so that guessing is slow.
"""

import ipaddress
import math
import time
from functools import cached_property

from connexion.middleware.abstract import ROUTING_CONTEXT
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from handlers.wire import threads
from handlers.wire.contract import LIMIT_BY_ADDRESS, LIMIT_BY_CALLER, contract
from handlers.wire.refusals import RateLimited
from models.failures import Unauthorized

REDIS_SECONDS = 0.2
BREAK_SECONDS = 1.0


class Allowance:
    """What each caller and each address may still ask of this worker; no limit if it is None."""

    def __init__(self, limit: RateLimitItem | None) -> None:
        self.limit = limit
        self._forget_at = 0.0

    @cached_property
    def _storage(self) -> MemoryStorage:
        # Made at the first request: it starts a thread, and a worker must not inherit one.
        return MemoryStorage()

    @cached_property
    def window(self) -> MovingWindowRateLimiter:
        """The uses that this worker has counted."""
        return MovingWindowRateLimiter(self._storage)

    async def charge(self, kind: str, name: str) -> None:
        """Count one request; raises RateLimited with whole seconds to wait."""
        if self.limit is not None:
            self.forget(self.limit)
            _hit(self.window, self.limit, kind, name)

    def forget(self, limit: RateLimitItem) -> None:
        """Once in a while drop who has not come again, for the storage keeps an empty list each."""
        now = time.monotonic()
        if now >= self._forget_at:
            self._forget_at = now + limit.get_expiry()
            for key in [key for key, hits in list(self._storage.events.items()) if not hits]:
                self._storage.clear(key)


class SharedAllowance(Allowance):
    """What they may still ask of all workers, as Redis counts it.

    While Redis fails or hangs, each worker falls back on its own share and asks again each second.
    """

    def __init__(self, share: RateLimitItem, whole: RateLimitItem, url: str) -> None:
        super().__init__(share)
        self._share = share
        self._whole = whole
        options = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
        storage = storage_from_string(url, wrap_exceptions=True, **options)
        self._shared = MovingWindowRateLimiter(storage)
        self._closed_until = 0.0

    async def charge(self, kind: str, name: str) -> None:
        """Count one request; raises RateLimited with whole seconds to wait."""
        if time.monotonic() >= self._closed_until:
            self.forget(self._share)
            self.window.hit(self._share, kind, name)  # for the day that Redis fails
            try:
                return await threads.run(
                    lambda: _hit(self._shared, self._whole, kind, name), little=False
                )
            except StorageError:
                self._closed_until = time.monotonic() + BREAK_SECONDS
        await super().charge(kind, name)


def allowance(
    share: RateLimitItem | None, whole: RateLimitItem | None, redis_url: str | None
) -> Allowance:
    """The allowance that the settings ask for."""
    if share is None or whole is None or redis_url is None:
        return Allowance(share)
    return SharedAllowance(share, whole, redis_url)


def _hit(window: MovingWindowRateLimiter, limit: RateLimitItem, kind: str, name: str) -> None:
    if not window.hit(limit, kind, name):
        stats = window.get_window_stats(limit, kind, name)
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
            await self.allowance.charge("guess", address(scope))
            raise


class CallerThrottle:
    """ASGI middleware behind security: counts callers, or addresses where there is no caller."""

    def __init__(self, app: ASGIApp, allowance: Allowance) -> None:
        self.app = app
        self.allowance = allowance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._charge(scope)
        await self.app(scope, receive, send)

    async def _charge(self, scope: Scope) -> None:
        limit = contract.operations[scope["extensions"][ROUTING_CONTEXT]["operation_id"]].limit
        if limit == LIMIT_BY_CALLER:
            caller = scope["extensions"]["connexion_context"]["caller"]
            await self.allowance.charge("caller", caller.token_id)
        elif limit == LIMIT_BY_ADDRESS:
            await self.allowance.charge("address", address(scope))


def address(scope: Scope) -> str:
    """The address that a request came from; of IPv6 the network of 64 bits that one host has."""
    client = scope.get("client")
    try:
        found = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return "local"
    return str(ipaddress.ip_network((found, 64), strict=False) if found.version == 6 else found)
