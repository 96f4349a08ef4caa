"""Limits of a token hold at every door: own authentication, verdicts, introspection, gateways."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from models.last_used import FLUSH_SECONDS
from tests.actors import ACTORS, ADMIN, TOKENS, Caller
from tests.conftest import Team
from tests.contract.managing import Managed, managed, store
from tests.live import ROOT_TOKEN, Server, new_project_id

USES, CALLERS = 60, 20


def doors(token: Managed) -> dict[str, bool]:
    """Whether each door lets the token in."""
    holder = token.holder()
    form = {"token": token.secret, "address": "127.0.0.1"}
    return {
        "self": holder("GET", "/v1/self").status_code == 200,
        "gate": holder("GET", "/v1/forward-auth").status_code == 200,
        "introspect": token.team.root("POST", "/oauth2/introspect", data=form).json()["active"],
        "verify": token.reason(address="127.0.0.1") == "valid",
    }


LIMITS: list[tuple[dict[str, Any], str]] = [
    ({"notBefore": "2090-01-01T00:00:00Z"}, "not_yet_valid"),
    ({"allowedIps": ["192.0.2.0/24"]}, "ip_not_allowed"),
    ({"allowedIps": ["2001:db8::/32"]}, "ip_not_allowed"),
    ({"remainingUses": 0}, "exhausted"),
]


@pytest.mark.parametrize(("limit", "reason"), LIMITS, ids=[reason for _, reason in LIMITS])
def test_a_limit_holds_at_every_door(team: Team, limit: dict[str, Any], reason: str) -> None:
    """No door is left open, and each is open again once the limit is removed."""
    token = managed(team, ADMIN)
    token.change(**limit).raise_for_status()
    assert not any(doors(token).values())
    assert token.reason(address="127.0.0.1") == reason
    token.change(**dict.fromkeys(limit)).raise_for_status()
    assert all(doors(token).values())


def test_an_idle_token_is_good_no_longer(team: Team) -> None:
    """What was not used for as long is closed at every door, and open again without the limit."""
    token = managed(team, ADMIN)
    token.change(idleSeconds=60).raise_for_status()
    assert all(doors(token).values())
    time.sleep(FLUSH_SECONDS + 0.5)  # a use that is still in memory would be written over it
    store(team.server, "UPDATE token SET created_at = 1, last_used_at = 1 WHERE id = ?", token.id)
    assert token.show()["state"] == "idle"
    assert token.reason() == "idle"
    assert not any(doors(token).values())
    token.change(idleSeconds=None).raise_for_status()
    assert all(doors(token).values())


def test_a_list_of_networks_needs_an_address(team: Team) -> None:
    """Who asks without telling the address hears that it is not allowed; v4 and v6 are matched."""
    token = managed(team, ADMIN)
    token.change(allowedIps=["192.0.2.0/24", "2001:db8::/32"]).raise_for_status()
    assert token.reason() == "ip_not_allowed"
    assert token.reason(address="192.0.2.9") == "valid"
    assert token.reason(address="::ffff:192.0.2.9") == "valid"
    assert token.reason(address="::ffff:192.0.3.9") == "ip_not_allowed"
    assert token.reason(address="2001:db8::1") == "valid"
    assert token.reason(address="192.0.3.9") == "ip_not_allowed"


def test_the_address_is_that_of_the_client_behind_a_trusted_proxy(tmp_path: Path) -> None:
    """A list of networks is matched against what the proxy tells, not against the proxy."""
    server = Server(tmp_path, JETON_TRUSTED_PROXIES="127.0.0.1").start()
    try:
        root, project = Caller(server.url, ROOT_TOKEN), new_project_id()
        root("POST", "/v1/projects", json={"id": project}).raise_for_status()
        token = managed(Team(server, root, project), TOKENS)
        token.change(allowedIps=["192.0.2.7"]).raise_for_status()
        for told, status in (("192.0.2.7", 200), ("192.0.2.8", 401), ("192.0.2.7, 6.6.6.6", 401)):
            sent = {"X-Forwarded-For": told}
            assert token.holder()("GET", "/v1/self", headers=sent).status_code == status
    finally:
        server.stop()


def granted(token: Managed, tries: int) -> int:
    """How many of simultaneous uses, at both workers and three doors, are granted."""

    def use(number: int) -> bool:
        if number % 3 == 0:
            return token.holder()("GET", "/v1/self").status_code == 200
        if number % 3 == 1:
            return token.holder()("GET", "/v1/forward-auth").status_code == 200
        return token.reason() == "valid"

    with ThreadPoolExecutor(CALLERS) as pool:
        return sum(pool.map(use, range(tries)))


def test_exactly_as_many_uses_are_granted_as_remain(team: Team) -> None:
    """However many come at once: not one more, and not one less."""
    token = managed(team, TOKENS)
    token.change(remainingUses=USES).raise_for_status()
    assert granted(token, USES * 2) == USES
    assert token.reason() == "exhausted"
    assert token.show()["state"] == "exhausted"


def test_a_rate_is_never_exceeded(team: Team) -> None:
    """Of a crowd exactly the rate is granted, by all workers together."""
    token = managed(team, TOKENS)
    token.change(rateLimit=f"{USES}/hour").raise_for_status()
    assert granted(token, USES * 2) == USES
    assert token.reason() == "rate_limited"


def test_a_use_is_counted_once_at_a_gate(team: Team) -> None:
    """Authentication and requirements are one use."""
    token = managed(team, ADMIN)
    token.change(remainingUses=2).raise_for_status()
    assert [token.holder()("GET", "/v1/forward-auth").status_code for _ in range(3)] == [
        200,
        200,
        401,
    ]


def test_who_may_not_see_a_token_does_not_use_it_up(team: Team) -> None:
    """A stranger's questions cost the token nothing."""
    token = managed(team, ADMIN)
    token.change(remainingUses=1).raise_for_status()
    other = new_project_id()
    team.root("POST", "/v1/projects", json={"id": other}).raise_for_status()
    stranger = Caller(team.server.url, TOKENS.secret(TOKENS.mint(team.root, other, role="admin")))
    for _ in range(3):
        told = stranger("POST", "/v1/verify", json={"token": token.secret})
        assert told.json()["reason"] == "not_found"
    assert token.reason() == "valid"


def test_the_last_use_opens_a_connection_that_stays_usable(team: Team) -> None:
    """What an MQTT client does on it was granted with that use; another connection is refused."""
    token = managed(team, TOKENS, type="unrestricted", role="editor")
    token.change(remainingUses=1).raise_for_status()
    broker = f"/v1/projects/{team.project}/brokers/broker-1"

    def ask(door: str, **told: Any) -> Any:
        return team.root("POST", f"{broker}/{door}", json=told)

    assert ask("emqx/authentication", password=token.secret).json()["result"] == "allow"
    for _ in range(2):
        publish = ask("emqx/authorization", token_id=token.id, action="publish")
        assert publish.json()["result"] == "allow"
        assert ask("go-auth/acl", username=token.id, acc=2).status_code == 200
    assert ask("emqx/authentication", password=token.secret).json()["result"] == "deny"


def test_who_is_bound_to_networks_makes_nothing_that_is_good_elsewhere(team: Team) -> None:
    """What it mints inherits them; it neither removes them nor rotates what has none."""
    editor = managed(team, TOKENS, name="bound", role="editor")
    free = managed(team, TOKENS, name="free")
    editor.change(allowedIps=["127.0.0.0/8"]).raise_for_status()
    for actor in ACTORS:
        minted = actor.mint(editor.holder(), team.project)
        shown = Caller(team.server.url, actor.secret(minted))("GET", "/v1/self")
        path = f"/v1/projects/{team.project}/tokens/{shown.json()['id']}"
        assert team.root("GET", path).json()["allowedIps"] == ["127.0.0.0/8"]
        for networks in (None, ["192.0.2.0/24"]):
            assert editor.holder()("PATCH", path, json={"allowedIps": networks}).status_code == 403
    assert editor.holder()("POST", f"{free.path}/rotate", json={}).status_code == 403
    assert editor.holder()("POST", "/v1/self/rotate", json={}).status_code == 201
