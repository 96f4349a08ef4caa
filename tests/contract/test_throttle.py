"""Rate limits: never exceeded by all workers together, and told in each dialect."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from handlers.wire.contract import contract
from tests.actors import ACTORS, WITNESSED, Actor, Caller
from tests.live import ROOT_TOKEN, Server, new_project_id
from tests.samples import body_of, path_of

LIMIT = 40
REDIS = "redis://127.0.0.1:6379/9"


def redis_found() -> bool:
    """Whether a Redis server answers on this machine."""
    try:
        with redis.Redis.from_url(REDIS, socket_connect_timeout=1) as client:
            client.flushdb()
        return True
    except redis.RedisError:
        return False


@pytest.fixture(params=["memory", "redis"], scope="module")
def limited(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server of two workers that grants 40 requests an hour, with a project `old`."""
    settings = {"JETON_RATE_LIMIT": f"{LIMIT}/hour", "JETON_WORKERS": "2"}
    if request.param == "redis":
        if not redis_found():
            pytest.skip("NO REDIS SERVER WAS FOUND: shared rate limits were not tested")
        settings["JETON_REDIS_URL"] = REDIS
    server = Server(tmp_path_factory.mktemp("limited"), **settings).start()
    yield server
    server.stop()


def asked_everywhere(server: Server, caller: Caller) -> list[int]:
    """What a caller hears who asks each worker as often as all may grant: each counts its share."""
    seen = []
    for worker in server.workers():
        with server.only(worker):
            seen += [caller("GET", "/v1/self").status_code for _ in range(LIMIT)]
    return seen


def members(server: Server, count: int) -> tuple[str, list[str]]:
    """A project made on the machine and the secrets of new root tokens."""
    project = new_project_id()
    assert server.jeton("project", "create", project).returncode == 0
    made = [server.jeton("root-token", "create").stdout.strip() for _ in range(count)]
    return project, made


def test_all_workers_together_never_grant_more_than_the_limit(limited: Server) -> None:
    """Of many simultaneous requests of one caller at most the limit pass, at every worker."""
    _, (secret,) = members(limited, 1)

    def ask(_: int) -> int:
        return Caller(limited.url, secret)("GET", "/v1/self").status_code

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(ask, range(LIMIT * 4)))
    assert set(seen) <= {200, 429}
    assert 0 < seen.count(200) <= LIMIT


@pytest.mark.parametrize("actor", ACTORS, ids=[actor.dialect for actor in ACTORS])
def test_429_is_told_in_each_dialect(limited: Server, actor: Actor) -> None:
    """429 has Retry-After in whole seconds, equal to what the body says of it."""
    project, (secret,) = members(limited, 1)
    caller = Caller(limited.url, secret)
    refused = [r for r in (actor.list(caller, project) for _ in range(LIMIT * 3)) if r.is_error]
    answer = refused[-1]
    assert actor.error(answer) == (
        429,
        {"admin": "RateLimitError"}.get(actor.dialect, "rate_limited"),
    )
    wait = int(answer.headers["retry-after"])
    assert 1 <= wait <= 3600
    told = answer.json().get("retryAfter", answer.json().get("info", {}).get("retryAfter", wait))
    assert told == wait


def test_guessing_is_slowed_by_address(limited: Server) -> None:
    """Unknown tokens count against the address: 401 becomes 429, and never lets one in."""
    caller = Caller(limited.url, "a-guess")
    seen = asked_everywhere(limited, caller)
    assert set(seen) <= {401, 429}
    assert seen.count(401) <= LIMIT
    assert seen[-1] == 429


def test_health_is_never_limited(limited: Server) -> None:
    """Probes of supervisors pass, however many."""
    caller = Caller(limited.url)
    assert {caller("GET", "/health/live").status_code for _ in range(LIMIT * 3)} == {200}


def test_every_limited_operation_answers_429(limited: Server) -> None:
    """Each operation that counts its callers or addresses refuses the one too many."""
    project, (secret,) = members(limited, 1)
    caller = Caller(limited.url, secret)
    asked_everywhere(limited, caller)
    for operation in contract.operations.values():
        if operation.limit == "caller":
            path = path_of(operation, projectId=project, token="x", tokenId="x")
            response = caller(operation.method, path, **body_of(operation))
            assert response.status_code == 429, operation.id
    for operation_id, found in (("getPublicShare", 404), ("getAuthorizationServerMetadata", 200)):
        path = path_of(contract.operations[operation_id])
        seen = {Caller(limited.url)("GET", path).status_code for _ in range(LIMIT * 3)}
        assert seen <= {found, 429}
        assert (operation_id, 429) in WITNESSED


def test_guesses_are_slowed_at_every_door(limited: Server) -> None:
    """Where good callers are not counted, those who guess are: 429, and 403 at a gate."""
    guess = Caller(limited.url, "a-guess")
    asked_everywhere(limited, guess)
    for operation in contract.operations.values():
        if operation.permission and operation.limit == "none":
            response = guess(operation.method, path_of(operation), **body_of(operation))
            expected = 403 if contract.gate(operation.path) else 429
            assert response.status_code == expected, operation.id
            assert int(response.headers["retry-after"]) > 0


def test_a_dead_redis_leaves_each_worker_its_share(tmp_path: Path) -> None:
    """Where Redis cannot be reached, requests pass within the share of each worker, without 5xx."""
    settings = {"JETON_RATE_LIMIT": f"{LIMIT}/hour", "JETON_WORKERS": "2"}
    server = Server(tmp_path, JETON_REDIS_URL="redis://127.0.0.1:1/0", **settings).start()
    try:
        seen = [Caller(server.url, ROOT_TOKEN)("GET", "/v1/self").status_code for _ in range(120)]
        assert set(seen) == {200, 429}
        assert seen.count(200) <= LIMIT
    finally:
        server.stop()
