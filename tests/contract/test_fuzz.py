"""Schemathesis against a live server: all checks, all phases, no failure without a reason.

The relaxations stand in schemathesis.toml, each with its reason. Run by `make contract`.
"""

import re
import subprocess
import sys

import pytest

from tests.live import ROOT, ROOT_TOKEN, Server, environment

MINUTES = 8


@pytest.mark.fuzz
def test_the_server_keeps_its_contract(server: Server) -> None:
    """Generated requests, valid and not, find no answer outside the contract."""
    (ROOT / "build").mkdir(exist_ok=True)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml"),
            *("run", "openapi.yaml", "--url", server.url, "--report", "junit"),
            *("--report-junit-path", f"build/schemathesis-{server.port}.xml"),
        ],
        cwd=ROOT,
        env=environment() | {"JETON_FUZZ_TOKEN": ROOT_TOKEN},
        capture_output=True,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    print(run.stdout[-6000:], run.stderr[-2000:])
    assert run.returncode == 0, run.stdout[-6000:]
    generated = re.search(r"(\d+) generated, (\d+) passed", run.stdout)
    assert generated, run.stdout[-3000:]
    assert int(generated[1]) > 1000
    assert "crash" not in server.log()
