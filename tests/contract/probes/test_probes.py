"""Probes over a bare socket: each has exactly one answer, in the right words, as root and not."""

from http import HTTPStatus

import pytest

from handlers.wire.contract import contract
from tests.actors import ACTORS
from tests.contract.probes.bodies import BODIES
from tests.contract.probes.framing import FRAMING
from tests.contract.probes.headers import HEADERS
from tests.contract.probes.ids import IDS
from tests.contract.probes.methods import METHODS
from tests.contract.probes.paths import PATHS
from tests.contract.probes.probe import SERVER, Expected, Probe
from tests.contract.probes.queries import QUERIES
from tests.contract.probes.values import VALUES
from tests.live import ROOT_TOKEN, Server
from tests.raw import Answer, exchange, request

PROBES = [*PATHS, *IDS, *QUERIES, *HEADERS, *METHODS, *BODIES, *VALUES, *FRAMING]
NEXT = request("GET", "/health/live")
OUR_WORDS = [row["message"].encode() for row in contract.document["x-faults"].values()]
DIALECTS = {actor.dialect: actor for actor in ACTORS}
UNAUTHORIZED = {"admin": "AuthenticationRequired"}
ECHO = 16  # bytes in a row that are neither an accident nor the name of a header

on_sqlite = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


def each(tables: list[Probe]) -> pytest.MarkDecorator:
    """A test for each probe, by its name."""
    return pytest.mark.parametrize("probe", tables, ids=[probe.name for probe in tables])


def first_of(server: Server, probe: Probe, sent: bytes) -> Answer:
    """The one answer to a probe, where the connection goes on or ends as it must."""
    answer, *others = exchange(server, sent + NEXT)
    assert [other.status for other in others] == ([] if probe.closes else [200])
    return answer


def check_words(answer: Answer, expected: Expected, code: str) -> None:
    """The error is worded in the dialect, or is the name of the status in gunicorn's text."""
    if expected.dialect == SERVER:
        assert answer.headers["content-type"] == "text/plain"
        assert answer.body.decode() == HTTPStatus(answer.status).phrase
    elif code:
        assert DIALECTS[expected.dialect].error(answer) == (answer.status, code)


def check_silence(answer: Answer, sent: bytes) -> None:
    """Nothing of what was sent comes back in an error, and nothing of the program."""
    for telling in (b"Traceback", b".py", ROOT_TOKEN.encode()):
        assert telling not in answer.body
    if answer.status < 400:
        return
    body = answer.body
    for words in OUR_WORDS:
        body = body.replace(words, b"")
    assert not [start for start in range(len(body) - ECHO) if body[start : start + ECHO] in sent]


@on_sqlite
@each(PROBES)
def test_what_no_client_would_send_is_answered_exactly(server: Server, probe: Probe) -> None:
    """As root each probe has its status and code, once, and the connection is as it must be."""
    answer = first_of(server, probe, probe.sent)
    assert answer.status == probe.expected.status, answer
    check_words(answer, probe.expected, probe.expected.code)
    check_silence(answer, probe.sent)


@on_sqlite
@each([probe for probe in PROBES if probe.of_stranger != probe.sent])
def test_a_stranger_gets_no_further(server: Server, probe: Probe) -> None:
    """Without the credential each probe is refused as told, mostly before anything is read."""
    answer = first_of(server, probe, probe.of_stranger)
    assert answer.status == (probe.expected.stranger or probe.expected.status), answer
    unknown = answer.status == 401 and probe.expected.status != 401
    code = UNAUTHORIZED.get(probe.expected.dialect, "unauthorized") if unknown else None
    if answer.body:
        check_words(answer, probe.expected, code or probe.expected.code)
    check_silence(answer, probe.of_stranger)


def test_every_probe_is_another_one() -> None:
    """No two probes send the same bytes or have the same name."""
    assert len({probe.sent for probe in PROBES}) == len(PROBES)
    assert len({probe.name for probe in PROBES}) == len(PROBES)
