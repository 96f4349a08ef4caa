"""Hidden requests over a bare socket: none is answered, and none is carried out."""

import pytest

from tests.actors import Caller
from tests.contract.probes.smuggling import AMBIGUOUS, PLAIN, Smuggler, hidden, outer
from tests.live import Server, new_project_id
from tests.raw import exchange, request

NEXT = request("GET", "/health/live")

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


def statuses(server: Server, root: Caller, smuggler: Smuggler) -> tuple[list[int], int]:
    """The statuses of all answers, and that of the project which the hidden request would make."""
    project = new_project_id()
    answers = exchange(server, smuggler(hidden(project)) + NEXT)
    return [answer.status for answer in answers], root("GET", f"/v1/projects/{project}").status_code


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_ambiguous_framing_ends_the_connection(server: Server, root: Caller, name: str) -> None:
    """There is one answer, nothing after it is read, and the hidden request is not carried out."""
    smuggler, status = AMBIGUOUS[name]
    assert statuses(server, root, smuggler) == ([status], 404)


@pytest.mark.parametrize("name", PLAIN)
def test_a_body_is_never_a_request(server: Server, root: Caller, name: str) -> None:
    """What stands in a body is not carried out, and the next request has its own answer."""
    smuggler, status = PLAIN[name]
    assert statuses(server, root, smuggler) == ([status, 200], 404)


def test_a_request_after_another_one_is_carried_out(server: Server, root: Caller) -> None:
    """The hidden request works where it is not hidden: what the other tests see is no accident."""
    plain = outer("/v1/projects", "Content-Length: 0", method="GET")
    assert statuses(server, root, plain) == ([401, 201], 200)
