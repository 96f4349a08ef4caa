"""Rate limits: exact in a moving window, by host, and forgotten in time."""

import asyncio
import time

import limits
import pytest

from handlers.wire.refusals import RateLimited
from handlers.wire.throttle import Allowance, address

PATIENCE_SECONDS = 20


def charge(allowance: Allowance, name: str) -> bool:
    """Whether one more request of that name is let through."""
    try:
        asyncio.run(allowance.charge("caller", name))
    except RateLimited as refused:
        return not refused.retry_after
    return True


def test_each_caller_has_a_limit_of_its_own() -> None:
    """The limit is granted to the last, then refused, to every name apart."""
    allowance = Allowance(limits.parse("3/hour"))
    assert [charge(allowance, "one") for _ in range(5)] == [True, True, True, False, False]
    assert charge(allowance, "two")


def test_no_limit_counts_nobody() -> None:
    """Without a limit everything passes and nothing is kept."""
    allowance = Allowance(None)
    assert all(charge(allowance, "one") for _ in range(100))
    assert "window" not in vars(allowance)


def test_who_does_not_come_again_is_forgotten() -> None:
    """The memory of callers does not grow with all that were ever seen."""
    allowance = Allowance(limits.parse("5/second"))
    for number in range(200):
        charge(allowance, f"caller-{number}")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(allowance._storage.events) > 5 and time.monotonic() < deadline:
        charge(allowance, "late")
        time.sleep(0.1)
    assert len(allowance._storage.events) <= 5


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        (("192.0.2.7", 5), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 5), "2001:db8:1:2::/64"),
        (None, "local"),
        (("", 0), "local"),
    ],
)
def test_addresses_are_those_of_hosts(client: tuple[str, int] | None, expected: str) -> None:
    """A host has one IPv4 address, but a whole network of IPv6."""
    assert address({"type": "http", "client": client}) == expected
