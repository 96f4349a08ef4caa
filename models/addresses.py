"""Addresses: where a request came from, in one form for one host."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def ip_address(text: str) -> Address:
    """The address; of an IPv4 host that a socket for both versions saw, that of version 4.

    RFC 4291, section 2.5.5.2. Raises ValueError.
    """
    found = ipaddress.ip_address(text)
    return getattr(found, "ipv4_mapped", None) or found
