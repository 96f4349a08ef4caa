"""A live Jeton, and real gateways in front of a small upstream."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.actors import Http
from tests.gateways.cast import Cast, cast
from tests.gateways.programs import PROGRAMS, Gateway, Program, addresses
from tests.gateways.upstream import upstream
from tests.live import Server

GATEWAY_ADDRESS = "127.0.0.1"


@pytest.fixture(scope="session")
def jeton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A live Jeton that trusts what the gateways say of their clients."""
    folder = tmp_path_factory.mktemp("jeton")
    running = Server(folder, JETON_TRUSTED_PROXIES=GATEWAY_ADDRESS, JETON_WORKERS="2").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def people(jeton: Server) -> Cast:
    """Every sort of token."""
    return cast(jeton)


@pytest.fixture(scope="session")
def guarded() -> Iterator[int]:
    """The port of the upstream behind all gateways."""
    with upstream() as port:
        yield port


def need(program: Program) -> None:
    """Skip, and say so, where a gateway is not to be had."""
    if program.path is None:
        pytest.skip(f"{program.name.upper()} WAS NOT FOUND: its configuration was not tried")


@pytest.fixture(params=PROGRAMS, ids=[program.name for program in PROGRAMS], scope="session")
def gateway(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    jeton: Server,
    people: Cast,
    guarded: int,
) -> Iterator[Gateway]:
    """Each gateway in turn, running with its files in deploy/."""
    program: Program = request.param
    need(program)
    told = addresses(jeton.port, guarded, people.requirements)
    with Gateway(program, tmp_path_factory.mktemp(program.name), told).running() as running:
        yield running


class Client:
    """Calls the upstream through a gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.http = Http()

    def __call__(
        self, secret: str | None, method: str = "GET", path: str = "/", **options: Any
    ) -> httpx.Response:
        headers = [("Authorization", f"Bearer {secret}")] if secret else []
        headers += options.pop("headers", [])
        return self.http.request(method, self.gateway.url + path, headers=headers, **options)


@pytest.fixture
def call(gateway: Gateway) -> Iterator[Client]:
    """A client of the gateway."""
    client = Client(gateway)
    yield client
    client.http.close()
