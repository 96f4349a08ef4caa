"""The files of deploy/: their gateways take them, and let nobody in where Jeton does not answer."""

from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.gateways.absent import ABSENT
from tests.gateways.cast import Cast
from tests.gateways.conftest import need
from tests.gateways.programs import PROGRAMS, Gateway, Program, addresses
from tests.gateways.upstream import ECHO
from tests.live import free_port

pytestmark = pytest.mark.gateways
EACH = pytest.mark.parametrize("program", PROGRAMS, ids=[program.name for program in PROGRAMS])
# Traefik and HAProxy wait longer for a mute: 30 s and 8 s.
PATIENCE = 5


@EACH
def test_a_gateway_finds_no_fault_in_its_files(program: Program, tmp_path: Path) -> None:
    """The gateway's own test of its configuration passes; Traefik has none, and logs no error."""
    need(program)
    told = addresses(free_port(), free_port(), "project=my-project-a1b2c")
    gateway = Gateway(program, tmp_path, told)
    if program.check:
        checked = gateway.check()
        assert checked.returncode == 0, checked.stdout + checked.stderr
    else:
        with gateway.running():
            log = gateway.log()
        assert not {"ERR", "WRN"} & set(log.split()), log


@EACH
@pytest.mark.parametrize("absence", ABSENT)
def test_nobody_passes_where_jeton_does_not_answer(
    absence: str, program: Program, tmp_path: Path, people: Cast, guarded: int
) -> None:
    """A good token is refused, too, where Jeton is down, hangs, or another server has its place."""
    need(program)
    sent = {"Authorization": f"Bearer {people.good[0].secret}"}
    with ABSENT[absence]() as port:
        told = addresses(port, guarded, people.requirements)
        gateway = Gateway(program, tmp_path, told)
        with gateway.running(), suppress(httpx.ReadTimeout):
            response = httpx.get(gateway.url, headers=sent, timeout=PATIENCE)
            assert response.is_error, response.text
            assert ECHO not in response.headers
