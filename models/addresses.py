"""Addresses: where a request came from, in one form for one host."""

import ipaddress
import json
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def ip_address(text: str) -> Address:
    """The address; of an IPv4 host that a socket for both versions saw, that of version 4.

    RFC 4291, section 2.5.5.2. Raises ValueError.
    """
    found = ipaddress.ip_address(text)
    return getattr(found, "ipv4_mapped", None) or found


def networks_of(text: str) -> list[Network]:
    """The networks in a list in JSON."""
    return [ipaddress.ip_network(each) for each in json.loads(text)]


def covers(outer: str, inner: str | None) -> bool:
    """Whether all inner networks lie within the outer ones; both in JSON, None is everywhere."""
    within = (_within(each, networks_of(outer)) for each in networks_of(inner or "[]"))
    return inner is not None and all(within)


def _within(network: Network, others: list[Network]) -> bool:
    """Whether the others together have every address of the network."""
    same: list[Any] = [other for other in others if other.version == network.version]
    return any(network.subnet_of(other) for other in ipaddress.collapse_addresses(same))
