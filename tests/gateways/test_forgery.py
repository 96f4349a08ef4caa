"""What a client may claim: nothing that the upstream or Jeton would believe."""

import json

import pytest

from handlers.wire.contract import contract
from tests import raw
from tests.faults.processes import wait_until
from tests.gateways.cast import Cast
from tests.gateways.conftest import Client
from tests.gateways.programs import Gateway
from tests.gateways.test_verdicts import expected, identity
from tests.gateways.upstream import ECHO
from tests.live import Server

pytestmark = pytest.mark.gateways
TOLD = contract.document["paths"]["/v1/forward-auth"]["get"]["responses"]["200"]["headers"]
FORGED = "forged-by-the-client"
STRANGER = "203.0.113.77"


def spellings(name: str) -> list[str]:
    """Names that an upstream could read as this one, as CGI and WSGI do."""
    return [name, name.lower(), name.replace("-", "_"), name.replace("-", "_", 1)]


@pytest.mark.parametrize("name", [*TOLD, "X-Jeton-Require"])
def test_a_forged_identity_does_not_reach_the_upstream(
    name: str, call: Client, people: Cast
) -> None:
    """In no spelling does a header of Jeton's pass that a client sent, though its token is good."""
    forged = [(spelling, FORGED) for spelling in spellings(name)]
    response = call(people.good[1].secret, headers=forged)
    assert response.status_code == 200, response.text
    assert FORGED not in response.headers[ECHO]
    assert identity(response.headers[ECHO]) == expected(people.good[1], people)


@pytest.mark.parametrize("name", TOLD)
def test_a_client_cannot_have_its_identity_dropped(
    name: str, gateway: Gateway, people: Cast
) -> None:
    """A header that the client names in Connection still tells the service who calls."""
    sent = raw.request("GET", "/", token=people.good[1].secret)
    sent = sent.replace(b"Connection: close", f"Connection: close, {name}".encode())
    (answer,) = raw.exchange(gateway, sent)  # type: ignore[arg-type]
    assert answer.status == 200, answer
    assert identity(answer.headers[ECHO.lower()]) == expected(people.good[1], people)


def test_a_client_cannot_say_what_is_required_of_it(call: Client, people: Cast) -> None:
    """X-Jeton-Require of a client neither lets a foreign token in nor keeps a good one out."""
    for spelling in spellings("X-Jeton-Require"):
        claim = [(spelling, f"project={people.foreign_project}")]
        assert call(people.tokens["foreign"].secret, headers=claim).status_code == 403
        assert call(people.good[0].secret, headers=claim).status_code == 200


def test_the_query_of_a_request_requires_nothing(call: Client, people: Cast) -> None:
    """What stands in the client's own query is not what a token has to be good for."""
    asked = f"/?project={people.foreign_project}&environment=production"
    assert call(people.tokens["foreign"].secret, path=asked).status_code == 403
    assert call(people.good[0].secret, path=asked).status_code == 200


def test_the_token_does_not_reach_the_upstream(call: Client, people: Cast) -> None:
    """The upstream gets the identity, and not the credential."""
    response = call(people.good[0].secret)
    assert str(people.good[0].secret) not in response.headers[ECHO]
    assert "authorization" not in dict(json.loads(response.headers[ECHO])["headers"])


def test_a_second_token_does_not_reach_the_upstream(gateway: Gateway, people: Cast) -> None:
    """Two Authorization headers are one question at most, and none of them passes on."""
    second = f"Authorization: Bearer {people.tokens['foreign'].secret}"
    sent = raw.request("GET", "/", second, token=people.good[0].secret)
    (answer,) = raw.exchange(gateway, sent)  # type: ignore[arg-type]
    assert answer.status in (200, 400, 401, 403)
    if answer.status == 200:
        seen = json.loads(answer.headers[ECHO.lower()])
        assert "authorization" not in dict(seen["headers"])


def test_a_forged_address_is_not_believed(call: Client, gateway: Gateway, jeton: Server) -> None:
    """Jeton logs who connected to the gateway, whatever X-Forwarded-For said before."""
    before = len(jeton.log())
    assert call("unknown", headers=[("X-Forwarded-For", STRANGER)]).status_code == 401
    wait_until(lambda: "forward-auth" in jeton.log()[before:], "the request was logged")
    lines = [json.loads(line) for line in jeton.log()[before:].splitlines() if line[:1] == "{"]
    addresses = {line["address"] for line in lines if line.get("path") == "/v1/forward-auth"}
    # Of clients on its own machine Envoy tells the address of the machine.
    assert addresses == {"127.0.0.1"} or (gateway.program.name == "envoy" and len(addresses) == 1)
    assert STRANGER not in jeton.log()


def test_no_log_holds_a_token_or_a_forged_identity(
    call: Client, jeton: Server, gateway: Gateway, people: Cast
) -> None:
    """What was refused leaves neither its token nor its claims in a log of Jeton or the gateway."""
    for token in people.tokens.values():
        call(token.secret, headers=[("X-Jeton-Project", FORGED)])
    secrets = {token.secret for token in people.tokens.values() if token.secret}
    for log in (jeton.log(), gateway.log()):
        assert not [told for told in {FORGED, *secrets} if told in log]
