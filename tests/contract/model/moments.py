"""Time as the model sees it: instants in milliseconds since 1970, and the clock that it moves."""

import time
from datetime import UTC, datetime
from pathlib import Path

from tests.planting.clock import ASKED, NOW, PLACES, WIDTH, Numbers, done_by

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
PATIENCE_SECONDS = 20


class Clock:
    """The clock of a server: it stands still, for all its workers, until it is moved."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "clock"
        self.path.write_bytes(bytes(WIDTH * PLACES))
        self._numbers = Numbers(self.path)
        self._set(time.time_ns() // 1_000_000)

    def now(self) -> int:
        """Now."""
        return self._numbers[NOW] // 1_000_000

    def tick(self) -> None:
        """Another millisecond, so that what is made next is younger than all before."""
        self._set(self.now() + 1)

    def move(self, instant: int) -> None:
        """Go on to a later instant."""
        assert instant >= self.now()
        self._set(instant)

    def flush(self, workers: list[int]) -> None:
        """Let the workers write what they gathered: uses of tokens, and who came back."""
        asked = self._numbers[ASKED] = self._numbers[ASKED] + 1
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(self._numbers[done_by(worker)] != asked for worker in workers):
            assert time.monotonic() < deadline, "a worker does not flush"
            time.sleep(0.0005)

    def _set(self, instant: int) -> None:
        self._numbers[NOW] = instant * 1_000_000


def rfc3339(instant: int) -> str:
    """An instant as answers write it: in UTC, to the millisecond."""
    moment = datetime.fromtimestamp(instant // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{instant % 1000:03d}Z"


def instant(text: str) -> int:
    """The milliseconds of what answers write."""
    moment = datetime.fromisoformat(text)
    return int(moment.replace(microsecond=0).timestamp()) * 1000 + moment.microsecond // 1000
