"""Time that a test moves: the clock of a server stands still at the instant in a file.

The file CLOCK holds numbers of eight bytes: the instant in nanoseconds since 1970, how often the
test asked for a flush of what workers gather in memory, and for each worker which of them it did.
"""

import mmap
import os
import time
from collections.abc import Callable
from pathlib import Path

WIDTH = 8
PLACES = 512
NOW, ASKED = 0, 1
POLL_SECONDS = 0.002


class Numbers:
    """Numbers in a file that several processes share."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), WIDTH * PLACES)

    def __getitem__(self, place: int) -> int:
        return int.from_bytes(self._bytes[place * WIDTH : (place + 1) * WIDTH], "little")

    def __setitem__(self, place: int, number: int) -> None:
        self._bytes[place * WIDTH : (place + 1) * WIDTH] = number.to_bytes(WIDTH, "little")


def done_by(process: int) -> int:
    """Where a process says which flush it did last."""
    return 2 + process % (PLACES - 2)


def moved_by_the_test() -> None:
    """Read the wall clock from the file, and flush when asked instead of each second."""
    from models import last_used, reuse  # here alone: who moves the clock does without

    numbers = Numbers(Path(os.environ["CLOCK"]))
    time.time_ns = lambda: numbers[NOW]
    last_used.FLUSH_SECONDS = POLL_SECONDS
    seen = [0]

    def first(flush: Callable[[object], int]) -> Callable[[object], int]:
        def flush_if_asked(self: object) -> int:
            seen[0] = numbers[ASKED]
            return flush(self) if seen[0] != numbers[done_by(os.getpid())] else 0

        return flush_if_asked

    def last(flush: Callable[[object], int]) -> Callable[[object], int]:
        def flush_and_say_so(self: object) -> int:
            flushed = flush(self) if seen[0] != numbers[done_by(os.getpid())] else 0
            numbers[done_by(os.getpid())] = seen[0]
            return flushed

        return flush_and_say_so

    last_used.LastUsed.flush = first(last_used.LastUsed.flush)
    reuse.Reuse.flush = last(reuse.Reuse.flush)
