"""Instants on the wire: milliseconds in, RFC 3339 out, and back."""

import datetime
from functools import lru_cache

from handlers.wire.schemas import instant

EPOCH = datetime.datetime.fromtimestamp(0, datetime.UTC)
SECONDS = len("1970-01-01T00:00:00")
MILLISECOND = datetime.timedelta(milliseconds=1)


@lru_cache(maxsize=4096)  # those of the same tokens are asked for again and again
def timestamp(milliseconds: int) -> str:
    """An instant as in RFC 3339, in UTC, to the millisecond."""
    moment = datetime.datetime.fromtimestamp(milliseconds // 1000, datetime.UTC)
    return f"{moment.isoformat()[:SECONDS]}.{milliseconds % 1000:03d}Z"


@lru_cache(maxsize=4096)
def optional_timestamp(milliseconds: int | None) -> str | None:
    """The same, or None."""
    return None if milliseconds is None else timestamp(milliseconds)


def milliseconds(text: str | None) -> int | None:
    """Milliseconds since 1970 from a date-time that the contract has let through."""
    return None if text is None else (instant(text) - EPOCH) // MILLISECOND
