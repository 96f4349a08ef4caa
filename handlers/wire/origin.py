"""Origin: the address that a request came from, as told by the proxies that the operator trusts.

A proxy appends the address of its own client to `X-Forwarded-For`, so only what stands right of the
last hop that is not trusted is known; all before it may be forged.
"""

import ipaddress
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from models.addresses import ip_address

UNIX = "unix"
Client = tuple[str, int] | None
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


class Origin:
    """ASGI middleware that puts the address of the client in the place of a trusted proxy's.

    `trusted` are networks, and the word `unix` for whoever connects by a socket in the file system.
    """

    def __init__(self, app: ASGIApp, trusted: tuple[str, ...]) -> None:
        self.app = app
        self.unix = UNIX in trusted
        self.networks: Networks = tuple(map(ipaddress.ip_network, set(trusted) - {UNIX}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["client"] = _plain(scope.get("client"))
            if self.networks or self.unix:
                scope["client"] = self._client(scope)
        await self.app(scope, receive, send)

    def _client(self, scope: Scope) -> Client:
        client: Client = scope.get("client")
        hops = _forwarded_for(scope)
        while hops and self._trusts(client):
            try:
                client = str(ip_address(hops.pop())), 0
            except ValueError:
                return client
        return client

    def _trusts(self, client: Client) -> bool:
        try:
            address = ipaddress.ip_address(client[0] if client else "")
        except ValueError:
            return self.unix
        return any(address in network for network in self.networks)


def _plain(client: Client) -> Client:
    return (_plain_address(client[0]), client[1]) if client else None


@lru_cache(maxsize=4096)
def _plain_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return text


def _forwarded_for(scope: Scope) -> list[str]:
    sent = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    hops = b",".join(sent).decode("latin-1").split(",")
    return [hop.strip().strip("[]") for hop in hops if hop.strip()]
