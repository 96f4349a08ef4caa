"""Time as the model sees it: instants in milliseconds since 1970, and how long a request took."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


class Clock:
    """The clock that the server reads, too; a server with another one gets another subclass."""

    def now(self) -> int:
        """Now."""
        return time.time_ns() // 1_000_000

    def wait_until(self, instant: int) -> None:
        """Come back when that instant is past."""
        while (left := instant - self.now()) >= 0:
            time.sleep((left + 1) / 1000)


@dataclass(frozen=True)
class Window:
    """From before a request was sent until after it was answered: it was served in between."""

    start: int
    end: int

    def holds(self, instant: int) -> bool:
        """Whether the server may have read that instant from its clock."""
        return self.start <= instant <= self.end

    def turns(self, expiries: Iterable[int | None]) -> list[int]:
        """The instants that may matter to an answer: the start, and each expiry on the way."""
        return sorted({self.start, *(at for at in expiries if at is not None and self.holds(at))})


def rfc3339(instant: int) -> str:
    """An instant as answers write it: in UTC, to the millisecond."""
    moment = datetime.fromtimestamp(instant // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{instant % 1000:03d}Z"


def instant(text: str) -> int:
    """The milliseconds of what answers write."""
    moment = datetime.fromisoformat(text)
    return int(moment.replace(microsecond=0).timestamp()) * 1000 + moment.microsecond // 1000
