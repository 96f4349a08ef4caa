"""Processes of ours, forked from one that has loaded the program: what they do is the same.

A process that loads it anew takes a second for that, and these tests start some hundreds.
"""

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from handlers.wire import cli

LOADED = ["pytest", "tests.children", "handlers.wire.app", "handlers.wire.worker"]
LOADED += ["gunicorn.app.wsgiapp", "gunicorn.arbiter"]
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(LOADED)


class Child:
    """A forked process, with those words of `subprocess.Popen` that tests use."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Its exit code, which must come within so many seconds."""
        self._process.join(timeout)
        assert self._process.exitcode is not None, "it did not end in time"
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self._process.exitcode is None:
            os.kill(self.pid, number)


def gunicorn(folder: Path, environment: dict[str, str], output: Path, errors: Path) -> Child:
    """Start gunicorn in a folder; it appends to the files and ends with the tests at the latest."""
    return _start(_gunicorn, folder, environment, output, errors)


def jeton(
    folder: Path, environment: dict[str, str], output: Path, errors: Path, *arguments: str
) -> Child:
    """Start the `jeton` command in a folder, likewise."""
    return _start(_jeton, folder, environment, output, errors, *arguments)


def _start(main: Callable[..., None], *of: Any) -> Child:
    process = _forking.Process(target=main, args=of, daemon=True)
    process.start()
    return Child(process)


def _gunicorn(*place: Any) -> None:
    _settle(*place)
    from gunicorn import config
    from gunicorn.app import wsgiapp

    config.Chdir.default = os.getcwd()  # which it had taken from where it was loaded
    sys.argv = ["gunicorn", "-c", str(Path(__file__).parents[1] / "gunicorn.conf.py")]
    wsgiapp.run()


def _jeton(*place_and_arguments: Any) -> None:
    _settle(*place_and_arguments[:4])
    cli.main(args=place_and_arguments[4:], prog_name="jeton")


def _settle(folder: Path, environment: dict[str, str], output: Path, errors: Path) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, file in ((0, Path(os.devnull)), (1, output), (2, errors)):
        opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    warnings.simplefilter("ignore")
    if environment.get("PLANTED"):
        import tests.planting.sitecustomize  # noqa: F401
