"""The files of deploy/: their gateways take them, and let nobody in where Jeton does not answer."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.gateways.absent import ABSENT
from tests.gateways.cast import Cast
from tests.gateways.conftest import need
from tests.gateways.programs import PROGRAMS, Addresses, Gateway, Program, addresses
from tests.gateways.upstream import ECHO
from tests.live import free_port

pytestmark = pytest.mark.gateways
EACH = pytest.mark.parametrize("program", PROGRAMS, ids=[program.name for program in PROGRAMS])
PATIENCE = 6
# For a mute, they wait 30 s and 8 s.
STILL_WAITING = {("traefik", "silent"), ("haproxy", "silent")}


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


@pytest.mark.parametrize("absence", ABSENT)
def test_nobody_passes_where_jeton_does_not_answer(
    absence: str, tmp_path: Path, people: Cast, guarded: int
) -> None:
    """A good token is refused, too, where Jeton is down, hangs, or another server has its place.

    All gateways are asked at the same time, for most of it they wait.
    """
    here = [program for program in PROGRAMS if program.path]
    if not here:
        pytest.skip("NO GATEWAY WAS FOUND: nobody was refused by one")
    with ABSENT[absence]() as port, ThreadPoolExecutor(len(here)) as pool:
        told = [addresses(port, guarded, people.requirements) for _ in here]
        asked = [
            pool.submit(answer, *each, tmp_path, people) for each in zip(here, told, strict=True)
        ]
        answers = [question.result() for question in asked]
    for program, response in zip(here, answers, strict=True):
        if response is None:
            assert (program.name, absence) in STILL_WAITING
        else:
            assert response.is_error, (program.name, response.text)
            assert ECHO not in response.headers


def answer(program: Program, told: Addresses, folder: Path, people: Cast) -> httpx.Response | None:
    """What a gateway answers to a good token; None if it still waits."""
    own = folder / program.name
    own.mkdir()
    sent = {"Authorization": f"Bearer {people.good[0].secret}"}
    with Gateway(program, own, told).running() as gateway:
        try:
            return httpx.get(gateway.url, headers=sent, timeout=PATIENCE)
        except httpx.ReadTimeout:
            return None
