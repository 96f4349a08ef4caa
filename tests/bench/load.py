"""Load: wrk against one server for a few seconds, and what it cost the server.

wrk runs as a batch process: it wakes for each answer, but interrupts no worker for it.
"""

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.operations import Question
from tests.bench.processes import cpu_seconds
from tests.bench.servers import Running

CONNECTIONS = 16
LONGER = 5
GLANCE_SECONDS, IDLE_SECONDS, PATIENCE_SECONDS = 0.05, 0.015, 30
FIELDS = ("requests", "microseconds", "p50", "p99", "failed")
DONE = """
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
    """One contestant in one round; `cpu_us` is of its workers, for each request."""

    requests: int
    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


def require() -> None:
    """Raise Unmeasurable where this machine cannot run the benchmark."""
    if shutil.which("wrk") is None:
        raise Unmeasurable(NO_WRK)
    if not Path("/proc/self/stat").exists() or shutil.which("chrt") is None:
        raise Unmeasurable("This needs Linux: the CPU time of workers is in /proc, wrk under chrt.")


def measure(server: Running, question: Question, seconds: int, name: str) -> Sample:
    """Load it for some seconds, or longer where nothing was answered in that time.

    Raises Unmeasurable where a request failed.
    """
    workers = server.workers
    before = cpu_seconds(workers)
    told = _wrk(server, question, seconds, name)
    if not told["requests"] and not told["failed"]:
        before = cpu_seconds(workers)
        told = _wrk(server, question, LONGER * seconds, f"{name}-longer")
    if told["failed"] or not told["requests"]:
        raise Unmeasurable(f"{server.contestant.label}: {told}\n{server.log()[-2000:]}")
    sample = Sample(
        requests=told["requests"],
        rate=told["requests"] / told["microseconds"] * 1e6,
        p50_ms=told["p50"] / 1000,
        p99_ms=told["p99"] / 1000,
        cpu_us=(cpu_seconds(workers) - before) / told["requests"] * 1e6,
    )
    rest(server)
    return sample


def warm(server: Running, question: Question, name: str, seconds: int = 1) -> None:
    """Load it without measuring, so that caches are full and queries built."""
    _wrk(server, question, seconds, name)
    rest(server)


def rest(server: Running) -> None:
    """Wait until it has done what was on its way when wrk stopped: the next one needs the CPU.

    With long lists and slow validation that is more than a second of work.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    spent, busy = cpu_seconds(server.workers), True
    while busy and time.monotonic() < deadline:
        time.sleep(GLANCE_SECONDS)
        before, spent = spent, cpu_seconds(server.workers)
        busy = spent - before > IDLE_SECONDS


def _wrk(server: Running, question: Question, seconds: int, name: str) -> dict[str, int]:
    script = server.folder / "wrk.lua"
    script.write_text(question.script(name) + DONE)
    said = subprocess.run(
        [
            *("chrt", "-b", "0", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"),
            *("--timeout", "10s", "-s", str(script), server.url + question.path),
        ],
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        check=True,
    ).stdout
    figures = said.strip().splitlines()[-1].split()
    return dict(zip(FIELDS, map(int, figures), strict=True))
