"""How soon a revocation is felt by every worker while all of them are busy with that very token."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import pytest

from tests.actors import TOKENS, Caller
from tests.conftest import DATABASES, need
from tests.databases import new_database
from tests.gateways.hammer import Asked, Door, Hammer, kept_doors
from tests.live import ROOT_TOKEN, Server, new_project_id

pytestmark = pytest.mark.gateways
REVOCATIONS = int(os.environ.get("JETON_REVOCATIONS", "100"))
DOORS = 4
# Seconds after the acknowledgement in which a question may still be sent and pass.
BOUND_AT_ONE_WORKER = 0.0
BOUND_AT_ALL_WORKERS = {"sqlite": 0.0, "postgresql": 1.0}


@pytest.fixture(params=DATABASES, scope="module")
def busy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A live server with two workers on each database."""
    need(request.param)
    folder: Path = tmp_path_factory.mktemp(f"busy-{request.param}")
    with new_database(request.param, folder) as url:
        settings = {"JETON_WORKERS": "2", "JETON_VERIFY_CACHE": "on"}
        server = Server(folder, JETON_DATABASE_URL=url, **settings).start()
        yield server
        server.stop()


@dataclass(frozen=True)
class Revoked:
    """When a revocation was acknowledged, and by which worker."""

    at: float
    worker: int


def revoke(server: Server, path: str) -> Revoked:
    """Revoke over a connection of its own, for an idle one would be closed."""
    door = Door(server)
    worker = door.worker(server)
    door.http.request("DELETE", path, headers={"Authorization": f"Bearer {ROOT_TOKEN}"})
    answer = door.http.getresponse()
    answer.read()
    revoked = Revoked(time.perf_counter(), worker)
    assert answer.status == TOKENS.revoked
    door.http.close()
    return revoked


def live_through(server: Server, hammer: Hammer, project: str) -> list[Revoked]:
    """Mint, wait until every door lets it pass, revoke, wait until every door refuses."""
    root = Caller(server.url, ROOT_TOKEN)
    revoked = []
    for number in range(REVOCATIONS):
        minted = TOKENS.mint(root, project, name=f"token-{number}", role="viewer").json()
        hammer.target = number, minted["token"]
        hammer.until(number, passed=True)
        path = TOKENS.item.format(project=project, token=minted["id"])
        revoked.append(revoke(server, path))
        hammer.until(number, passed=False, after=revoked[-1].at)
    return revoked


def last_passed(asked: list[Asked], revoked: list[Revoked], moment: str) -> list[float]:
    """Milliseconds from each acknowledgement to the last question that passed (below 0: before)."""
    last: dict[int, float] = {}
    for question in asked:
        if question.passed:
            instant = getattr(question, moment)
            last[question.token] = max(last.get(question.token, 0.0), instant)
    return [(last[token] - revoked[token].at) * 1000 for token in last]


def told(series: list[float]) -> str:
    """The middle, the 99th percentile and the worst."""
    cuts = quantiles(series, n=100)
    return f"p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms, worst {max(series):.2f} ms"


def by_worker(
    kind: str, asked: list[Asked], revoked: list[Revoked]
) -> dict[str, tuple[float, list[Asked]]]:
    """The questions to the worker that revoked, and to the other one, with the bound of each."""
    same = [one for one in asked if one.worker == revoked[one.token].worker]
    other = [one for one in asked if one.worker != revoked[one.token].worker]
    return {
        "same worker": (BOUND_AT_ONE_WORKER, same),
        "other worker": (BOUND_AT_ALL_WORKERS[kind], other),
    }


def test_a_revoked_token_is_refused_by_every_worker_under_load(busy: Server) -> None:
    """No question passes that was sent after the acknowledgement and the bound of the database.

    The doors never stop asking, so look-ups are in flight at every revocation.
    """
    root, project = Caller(busy.url, ROOT_TOKEN), new_project_id()
    assert root("POST", "/v1/projects", json={"id": project}).status_code == 201
    with kept_doors(busy, DOORS) as doors, Hammer(busy, doors) as hammer:
        revoked = live_through(busy, hammer, project)
    asked = hammer.asked
    in_flight = [one for one in asked if one.sent <= revoked[one.token].at < one.answered]
    assert in_flight
    kind = busy.settings["JETON_DATABASE_URL"].partition(":")[0]
    print(f"\n{kind}: {len(revoked)} revoked,")
    print(f"{len(asked)} questions, {len(in_flight)} in flight at an acknowledgement")
    for where, (bound, here) in by_worker(kind, asked, revoked).items():
        sent = last_passed(here, revoked, "sent")
        answered = last_passed(here, revoked, "answered")
        print(f"{where}, last that passed was sent at: {told(sent)}")
        print(f"{where}, last that passed was answered at: {told(answered)}")
        assert max(sent) <= bound * 1000, where
