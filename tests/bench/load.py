"""Load: wrk against one server for a few seconds, and what it cost the worker."""

import os
import shutil
import statistics
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.contestants import Question, Running

CONNECTIONS = 16
MEBIBYTE = 1 << 20
FIELDS = ("requests", "microseconds", "p50", "p99", "failed")
SCRIPT = """
done = function(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("\\n%d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), failed))
end
"""
NO_WRK = """wrk is not on PATH; it makes the load. Install it and try again:
  Debian, Ubuntu: apt-get install wrk     Fedora: dnf install wrk     macOS: brew install wrk
  from source:    https://github.com/wg/wrk"""


class Unmeasurable(Exception):
    """A figure would mean nothing; the message says why."""


@dataclass(frozen=True)
class Sample:
    """One contestant in one round."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    rss_mib: float


def require() -> None:
    """Raise Unmeasurable where this machine cannot run the benchmark."""
    if shutil.which("wrk") is None:
        raise Unmeasurable(NO_WRK)
    if not Path("/proc/self/stat").exists():
        raise Unmeasurable("The CPU time of the worker is read from /proc: this needs Linux.")


def measure(server: Running, question: Question, seconds: int) -> Sample:
    """Load it for some seconds; raises Unmeasurable where a request failed."""
    worker = server.worker
    before = _cpu_seconds(worker)
    told = _wrk(server, question, seconds)
    if told["failed"] or not told["requests"]:
        raise Unmeasurable(f"{server.contestant.name}: {told}\n{server.log()}")
    return Sample(
        rate=told["requests"] / told["microseconds"] * 1e6,
        p50_ms=told["p50"] / 1000,
        p99_ms=told["p99"] / 1000,
        cpu_us=(_cpu_seconds(worker) - before) / told["requests"] * 1e6,
        rss_mib=_resident(worker) / MEBIBYTE,
    )


def middle(samples: list[Sample]) -> Sample:
    """The median of each figure."""
    rows = [asdict(sample) for sample in samples]
    return Sample(**{name: statistics.median(row[name] for row in rows) for name in rows[0]})


def _wrk(server: Running, question: Question, seconds: int) -> dict[str, int]:
    script = server.folder / "wrk.lua"
    script.write_text(SCRIPT)
    said = subprocess.run(
        [
            *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s"),
            *("-s", str(script), "-H", f"Authorization: Bearer {question.token}"),
            server.url + question.path,
        ],
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        check=True,
    ).stdout
    figures = said.strip().splitlines()[-1].split()
    return dict(zip(FIELDS, map(int, figures), strict=True))


def _cpu_seconds(process: int) -> float:
    """User and system time of all threads of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> int:
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
