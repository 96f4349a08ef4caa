"""Who passes a gateway, and who does not."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from random import Random
from urllib.parse import quote

import pytest

from tests.gateways.cast import ENVIRONMENT, Cast, Token
from tests.gateways.conftest import Client
from tests.gateways.programs import Gateway
from tests.gateways.upstream import ECHO

pytestmark = pytest.mark.gateways
REASONS = ("good", "missing", "bad", "foreign", "wrong environment", "expired", "revoked")
REQUESTS, CONNECTIONS = 1000, 16


def identity(echo: str) -> dict[str, str]:
    """The identity in the headers that reached the upstream; an empty one is as good as none."""
    pairs = json.loads(echo)["headers"]
    return {name: value for name, value in pairs if name.startswith("x-jeton-") and value}


def expected(token: Token, people: Cast) -> dict[str, str]:
    """The identity that Jeton tells of a good token."""
    return {
        "x-jeton-token-id": token.id,
        "x-jeton-kind": "api",
        "x-jeton-name": quote(token.name, safe=" "),
        "x-jeton-project": people.project,
        "x-jeton-environment": ENVIRONMENT,
        "x-jeton-type": "backend",
    }


@pytest.mark.parametrize("reason", REASONS)
def test_a_verdict_is_the_same_at_every_gateway(reason: str, call: Client, people: Cast) -> None:
    """A good token passes; none or a dead one is 401, and one that is good elsewhere 403."""
    token = people.tokens[reason]
    response = call(token.secret, path="/orders?page=2")
    assert response.status_code == token.status, response.text
    assert (ECHO in response.headers) == (reason == "good")
    if token.status == 401:
        assert response.headers["www-authenticate"].startswith('Bearer realm="jeton"')
    if reason == "good":
        assert identity(response.headers[ECHO]) == expected(token, people)


@pytest.mark.parametrize("scheme", ["", "bearer ", "BEARER "])
def test_the_token_comes_in_each_way_that_jeton_reads(
    scheme: str, call: Client, people: Cast
) -> None:
    """With the scheme in any letter case, or bare as SDKs of Unleash send it, a token passes."""
    sent = f"{scheme}{people.good[0].secret}"
    assert call(None, headers=[("Authorization", sent)]).status_code == 200


def test_every_verdict_is_right_under_load(call: Client, people: Cast, gateway: Gateway) -> None:
    """Of 1,000 requests from 16 threads each is answered rightly, and with its own identity."""
    crowd = [*people.good, *people.tokens.values()]
    wanted = list(islice(cycle(crowd), REQUESTS))
    Random(7).shuffle(wanted)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = list(pool.map(lambda token: call(token.secret), wanted))
    wrong = [
        (token, answer.status_code, answer.text)
        for token, answer in zip(wanted, answers, strict=True)
        if answer.status_code != token.status
    ]
    assert not wrong, (wrong[:3], len(wrong), gateway.log()[-2000:])
    for token, answer in zip(wanted, answers, strict=True):
        if token.status == 200:
            assert identity(answer.headers[ECHO]) == expected(token, people)
        else:
            assert ECHO not in answer.headers
