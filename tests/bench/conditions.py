"""The conditions of a run: the machine, the versions, how it was measured. No names, no paths."""

import datetime
import os
import platform
import re
import sqlite3
import statistics
import subprocess
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.load import CONNECTIONS
from tests.databases import postgres_server
from tests.live import ROOT

LIBRARIES = (
    *("connexion", "flask", "fastapi", "starlette", "gunicorn", "uvloop", "a2wsgi"),
    *("peewee", "psycopg", "jsonschema-rs", "jsonschema", "pydantic", "orjson", "cryptography"),
)
SYNCS = 50


def conditions(rounds: int, seconds: int) -> dict[str, Any]:
    """All that somebody needs to judge the figures or to measure again."""
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "commit": _said("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"),
        "rounds": rounds,
        "seconds": seconds,
        "connections": CONNECTIONS,
        "cpus": os.cpu_count(),
        "cpu": _cpu(),
        "load_at_start": round(os.getloadavg()[0], 2),
        "kernel": platform.release().partition("-")[0],
        "file_sync_ms": round(_sync_milliseconds(), 2),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
        "wrk": _wrk(),
        **{name: _version(name) for name in LIBRARIES},
    }


def warning(told: dict[str, Any]) -> str | None:
    """Why nothing of the run should be quoted, if so."""
    busy = told["load_at_start"] > (told["cpus"] or 1) / 2
    return "BUSY: others use this machine, quote nothing of this run" if busy else None


def _sync_milliseconds() -> float:
    """How long the disk takes to keep a page: what bounds every write."""
    with tempfile.TemporaryFile() as file:
        times = []
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _cpu() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _postgresql() -> str | None:
    server = postgres_server()
    if server is None:
        return None
    with psycopg.connect(server) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]).split()[0] if row else None


def _wrk() -> str:
    found = re.search(r"wrk (\S+)", _said("wrk", "-v"))
    return found[1] if found else "?"


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip()
