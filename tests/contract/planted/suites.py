"""The suites that find the faults, each run as its user runs it, on what concerns one fault."""

import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from tests.contract.fuzz.callers import cast
from tests.contract.fuzz.run import fuzz
from tests.contract.fuzz.target import open_target
from tests.live import ROOT, environment

EXAMPLES = 10
MINUTES = 2
# The links of one operation lead to others, which are left out.
PHASES = "examples,coverage,fuzzing"


@dataclass(frozen=True)
class Finding:
    """Whether a suite passed, what it printed, how much it tried, and the seconds that it took."""

    passed: bool
    text: str
    tried: str
    seconds: float


@dataclass(frozen=True)
class Schemathesis:
    """`schemathesis run` as root, with all its checks, on one operation."""

    operation: str

    def __str__(self) -> str:
        return f"Schemathesis on {self.operation}"

    def run(self, folder: Path, fault: str) -> Finding:
        """Fuzz a new server, with the fault where one is named."""
        with open_target("sqlite", folder, PLANTED=fault) as target:
            apart = replace(target, name="planted")
            only = ("--include-operation-id", self.operation, "--phases", PHASES)
            outcome = fuzz(apart, cast(apart, "root"), EXAMPLES, *only)
        assert not outcome.report["errors"], outcome.text
        tried, seconds = f"{outcome.cases} requests", outcome.report["running_time"]
        return Finding(outcome.code == 0, outcome.text, tried, seconds)


@dataclass(frozen=True)
class Pytest:
    """`pytest -k` on SQLite, on one file of tests."""

    file: str
    words: str

    def __str__(self) -> str:
        return f"pytest on {self.file}"

    def run(self, folder: Path, fault: str) -> Finding:
        """Run the tests on a server of their own, with the fault where one is named."""
        started = time.monotonic()
        run = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--tb=short"),
                *("-k", f"sqlite and {self.words}", f"tests/contract/{self.file}"),
            ],
            cwd=ROOT,
            env=environment() | {"PLANTED": fault},
            capture_output=True,
            text=True,
            timeout=MINUTES * 60,
            check=False,
        )
        assert run.returncode in (0, 1), run.stdout + run.stderr
        tried = run.stdout.strip().splitlines()[-1].strip("= ")
        return Finding(run.returncode == 0, run.stdout, tried, time.monotonic() - started)


Suite = Schemathesis | Pytest
