"""A live gunicorn in a folder of its own, as a user would start it."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests import children
from tests.children import Child
from tests.planting import PLANTED, search_path

ROOT = Path(__file__).parents[1]
ROOT_TOKEN = "root-credential-of-the-tests"
START_SECONDS = 30
WORKERS = 2  # the default


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**settings: str) -> dict[str, str]:
    """The environment of a process of ours: no settings but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JETON_")}
    path = search_path(ROOT, settings)
    return {**kept, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore", **settings}


class Server:
    """One gunicorn on a free port; its log is `log` in its folder.

    On PostgreSQL other workers hear of a change some milliseconds later. Tests that hold answers to
    the instant ask for the bound of zero; the bound itself is measured on its own.

    `anew` starts it as a user does, instead of forking it from a process that has loaded it.
    """

    def __init__(self, folder: Path, *, anew: bool = False, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        on_postgres = settings.get("JETON_DATABASE_URL", "").startswith("postgresql:")
        self.settings = {
            "JETON_BIND": f"127.0.0.1:{self.port}",
            "JETON_ROOT_TOKEN": ROOT_TOKEN,
            "JETON_RATE_LIMIT": "off",
            "JETON_VERIFY_CACHE": "off" if on_postgres else "on",
            **PLANTED,
            **settings,
        }
        self.anew = anew or "PLANTED" in self.settings
        self.process: subprocess.Popen[bytes] | Child | None = None

    def start(self) -> "Server":
        """Start it and wait until it is ready."""
        self.launch()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                ready = httpx.get(f"{self.url}/health/ready", timeout=2, verify=False)
                if ready.status_code == 200:
                    return self
            except httpx.TransportError:
                if self.process and self.process.poll() is not None:
                    break
            time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log()}")

    def launch(self) -> None:
        """Start it without waiting."""
        log, told = self.folder / "log", environment(**self.settings)
        if not self.anew:
            self.process = children.gunicorn(self.folder, told, log, log)
            return
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")],
                cwd=self.folder,
                env=told,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Stop it and answer its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(timeout=40)

    def workers(self) -> list[int]:
        """The process ids of all its workers, once they are there."""
        assert self.process is not None
        parent, count = self.process.pid, int(self.settings.get("JETON_WORKERS", WORKERS))
        file = Path(f"/proc/{parent}/task/{parent}/children")
        deadline = time.monotonic() + START_SECONDS
        while len(pids := file.read_text().split()) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(pids) == count, self.log()
        return [int(pid) for pid in pids]

    @contextmanager
    def only(self, worker: int) -> Iterator[None]:
        """Let only that worker take what comes in: an idle one could take it all."""
        others = [pid for pid in self.workers() if pid != worker]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)

    def log(self) -> str:
        """All that it printed and logged."""
        return (self.folder / "log").read_text()

    def jeton(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run the `jeton` command with the settings of this server."""
        return run_jeton(self.folder, *arguments, **{**self.settings, **settings})


def run_jeton(folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the `jeton` command in a folder."""
    return completed(children.jeton, folder, *arguments, **settings)


def completed(
    start: Callable[..., Child], folder: Path, *arguments: str, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Start a process in a folder that ends soon, and say how it did."""
    with TemporaryDirectory() as kept:
        printed = Path(kept, "output"), Path(kept, "errors")
        code = start(folder, environment(**settings), *printed, *arguments).wait(timeout=60)
        return subprocess.CompletedProcess(arguments, code, *(file.read_text() for file in printed))


def new_project_id() -> str:
    """An id that no other test uses."""
    return f"project-{secrets.token_hex(6)}"
