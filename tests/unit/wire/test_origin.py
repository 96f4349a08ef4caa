"""Origin: whose address is believed."""

import asyncio
from typing import Any

import pytest

from handlers.wire.origin import Origin


def seen(trusted: tuple[str, ...], client: str | None, *forwarded: str) -> Any:
    """The client that the application behind the middleware sees."""
    found: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope["client"] and scope["client"][0])

    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    scope = {"type": "http", "client": client and (client, 1), "headers": headers}
    asyncio.run(Origin(app, trusted)(scope, None, None))  # type: ignore[arg-type]
    return found[0]


@pytest.mark.parametrize(
    ("trusted", "client", "forwarded", "expected"),
    [
        ((), "10.0.0.1", ["1.2.3.4"], "10.0.0.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        (("10.0.0.0/8",), "10.0.0.1", [], "10.0.0.1"),
        (("10.0.0.0/8",), "9.9.9.9", ["1.2.3.4"], "9.9.9.9"),
        (("10.0.0.0/8",), "10.0.0.1", ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        (("10.0.0.0/8",), "10.0.0.1", ["6.6.6.6, 1.2.3.4, 10.0.0.2"], "1.2.3.4"),
        (("10.0.0.0/8",), "10.0.0.1", ["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
        (("10.0.0.0/8",), "10.0.0.1", ["1.2.3.4, junk"], "10.0.0.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["[fd00::7]"], "fd00::7"),
        (("10.0.0.0/8", "fd00::/8"), "10.0.0.1", ["1.2.3.4, fd00::7"], "1.2.3.4"),
        (("unix",), None, ["1.2.3.4"], "1.2.3.4"),
        (("10.0.0.0/8",), None, ["1.2.3.4"], None),
        (("unix",), "10.0.0.1", ["1.2.3.4"], "10.0.0.1"),
        ((), "::ffff:10.0.0.1", [], "10.0.0.1"),
        (("10.0.0.0/8",), "::ffff:10.0.0.1", ["6.6.6.6, ::ffff:1.2.3.4"], "1.2.3.4"),
    ],
)
def test_only_what_trusted_proxies_say_is_believed(
    trusted: tuple[str, ...], client: str | None, forwarded: list[str], expected: str | None
) -> None:
    """The client is the right-most hop that is not trusted; what is left of it may be forged."""
    assert seen(trusted, client, *forwarded) == expected
