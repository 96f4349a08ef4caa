"""Processes that are expected to end, and others that stand in their way."""

import fcntl
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests import children
from tests.live import ROOT, ROOT_TOKEN, Server, completed, environment, free_port, run_jeton

WAIT_SECONDS = 60
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")]
Ended = subprocess.CompletedProcess[str]
Program = Callable[..., Ended]


def serve(folder: Path, **settings: str) -> Ended:
    """Start a server that cannot start, and wait for its end."""
    return completed(children.gunicorn, folder, **_expected(settings))


def serve_in(before: tuple[str, ...], folder: Path, **settings: str) -> Ended:
    """The same, of a server that another program starts."""
    return subprocess.run(
        [*before, *GUNICORN],
        cwd=folder,
        env=environment(**_expected(settings)),
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )


def _expected(settings: dict[str, str]) -> dict[str, str]:
    bind = f"127.0.0.1:{free_port()}"
    return {"JETON_BIND": bind, "JETON_ROOT_TOKEN": ROOT_TOKEN, **settings}


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """A started server that is stopped in the end, whatever happens."""
    try:
        yield server.start()
    finally:
        end(server)


def end(server: Server) -> None:
    """Stop a server that still runs, even one that stands still."""
    if server.process and server.process.poll() is None:
        server.process.send_signal(signal.SIGCONT)
        server.stop()


def migrate(folder: Path, **settings: str) -> Ended:
    """Make the database, or bring it up to date, with the command."""
    return run_jeton(folder, "migrate", **settings)


PROGRAMS: dict[str, Program] = {"gunicorn": serve, "jeton": migrate}


def refused(ended: Ended, code: int) -> list[str]:
    """What a process said when it ended with that code: plain lines, no traceback."""
    assert ended.returncode == code, (ended.returncode, ended.stdout, ended.stderr)
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""
    return ended.stderr.splitlines()


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Wait until it holds, which must be soon."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


@contextmanager
def write_lock(database: Path) -> Iterator[None]:
    """Hold the write lock of an SQLite file, as a backup or another program would."""
    with closing(sqlite3.connect(database, timeout=WAIT_SECONDS, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


@contextmanager
def turn(database: Path) -> Iterator[None]:
    """Hold the turn to write that the servers of an SQLite file pass among themselves."""
    with database.with_name(database.name + "-turn").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def rows(database: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """Read an SQLite file from outside."""
    with closing(sqlite3.connect(database, timeout=WAIT_SECONDS)) as reader:
        return reader.execute(query, values).fetchall()


def is_held(database: Path) -> bool:
    """Whether a server holds the turn to write, because it writes or waits to."""
    with database.with_name(database.name + "-turn").open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
