"""What processes cost, as Linux tells it: CPU time, memory."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

KIBIBYTES = 1024
TOLD = re.compile(r"^(Rss|Pss):\s+(\d+) kB$", re.MULTILINE)


def cpu_seconds(processes: Iterable[int]) -> float:
    """User and system time of all threads of some processes."""
    return sum(map(_cpu_seconds, processes))


def memory_mib(process: int) -> dict[str, float]:
    """The resident and the proportional set size; the latter divides shared pages among sharers."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text()
    return {f"{name.lower()}_mib": int(size) / KIBIBYTES for name, size in TOLD.findall(told)}


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
