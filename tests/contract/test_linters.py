"""The linters of `make lint` are gates: each finds a fault that is planted in a copy."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from handlers.wire.contract import FILE, contract
from handlers.wire.twin import twin
from tests.contract import node_tools
from tests.live import ROOT, environment

pytestmark = [pytest.mark.node, node_tools.needed]
SECONDS = 60
LINTERS = ("yamllint", "openapi-spec-validator", "redocly", "spectral")
FAULTS = {
    "yamllint: trailing-spaces": ("title: Jeton\n", "title: Jeton \n"),
    "openapi-spec-validator: is a required property": ("  version: 0.1.0\n", ""),
    "redocly: operation-summary": ("      summary: List projects\n", ""),
    "redocly: no-unused-components": ("\n    Health:\n", "\n    Unused:\n{0}\n    Health:\n"),
    "spectral: operation-description": ("      description: A project by its id.\n", ""),
    "spectral: owasp:api2:2023-read-restricted": (
        "      x-permission: self:read\n",
        "      security: []\n",
    ),
    "spectral: owasp:api2:2023-write-restricted": (
        "      x-permission: projects:delete\n",
        "      security: []\n",
    ),
    "spectral: owasp:api4:2023-string-limit": (
        "      maxLength: 200\n      pattern: ^[A-Za-z0-9_-]+$\n",
        "      pattern: ^[A-Za-z0-9_-]+$\n",
    ),
}
UNUSED = "      title: Unused\n      description: Nobody refers to it.\n      type: boolean"


def lint(contract: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the gate on a contract."""
    return subprocess.run(
        [shutil.which("make") or "make", "lint", f"CONTRACT={contract}"],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_the_contract_passes() -> None:
    """No linter has a word to say about the contract as it is."""
    run = lint(FILE)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("found", FAULTS)
def test_a_planted_fault_is_found(found: str, tmp_path: Path) -> None:
    """Each linter fails the gate with the name of its rule."""
    copy, (sound, faulty) = tmp_path / "openapi.yaml", FAULTS[found]
    assert sound in FILE.read_text()
    copy.write_text(FILE.read_text().replace(sound, faulty.format(UNUSED), 1))
    run = lint(copy)
    linter, _, rule = found.partition(": ")
    assert run.returncode != 0
    assert rule in run.stdout
    assert [name for name in LINTERS if f"/{name} " in run.stdout][-1] == linter


@pytest.mark.parametrize(
    "command",
    [
        ("redocly", "lint", "--config", "tests/contract/lint/redocly.yaml"),
        ("spectral", "lint", "--ruleset", "tests/contract/lint/spectral.yaml"),
    ],
)
def test_the_twin_passes_too(command: tuple[str, ...], tmp_path: Path) -> None:
    """Redocly and Spectral have no word to say about the contract in OpenAPI 3.1."""
    file = tmp_path / "openapi-3.1.json"
    file.write_text(json.dumps(twin(contract.document)))
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    run = subprocess.run(
        [node_tools.BIN / command[0], *command[1:], file],
        cwd=ROOT,
        env=environment(**quiet),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_machine_without_node_is_told_so(tmp_path: Path) -> None:
    """Without npm the linters of Python still run, and the absence of the others is said."""
    run = lint(FILE, PATH=str(tmp_path))
    assert run.returncode == 0, run.stderr
    assert "NODE WAS NOT FOUND" in run.stdout
    assert "redocly" not in run.stdout
