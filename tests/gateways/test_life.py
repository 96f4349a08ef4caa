"""The script of a user, run against a live Jeton and the gateways that are here."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.gateways.programs import PROGRAMS, Gateway, addresses
from tests.live import ROOT, ROOT_TOKEN, Server, environment, new_project_id

pytestmark = pytest.mark.gateways


def test_what_is_minted_passes_and_what_is_revoked_is_refused_everywhere(
    jeton: Server, guarded: int, tmp_path: Path
) -> None:
    """In each dialect: minted, called through every gateway, revoked, refused by the next call."""
    here = [program for program in PROGRAMS if program.path]
    if not here:
        pytest.skip("NO GATEWAY WAS FOUND: nobody lived behind one")
    project = new_project_id()
    with ExitStack() as stack:
        urls = []
        for program in here:
            folder = tmp_path / program.name
            folder.mkdir()
            told = addresses(jeton.port, guarded, f"project={project}")
            urls.append(stack.enter_context(Gateway(program, folder, told).running()).url)
        told = {"JETON_PROJECT": project, "JETON_ROOT_TOKEN": ROOT_TOKEN}
        run = subprocess.run(
            [sys.executable, "-m", "tests.gateways.life", jeton.url, *urls],
            cwd=ROOT,
            env=environment(**told),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    print(*(program.name for program in here), run.stdout, sep="\n")
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("revoked; refused at") == 3
