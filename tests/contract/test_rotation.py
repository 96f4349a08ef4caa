"""Rotation: another secret with all settings, and for the old one as much grace as was asked."""

import time
from pathlib import Path

import pytest

from tests.actors import ADMIN, SHARE, TOKENS, Actor, Caller
from tests.conftest import Team
from tests.contract.managing import Managed, managed, store
from tests.live import ROOT_TOKEN, Server, new_project_id

SETTINGS = {
    "description": "kept",
    "metadata": {"team": "web"},
    "allowedIps": ["127.0.0.0/8"],
    "rateLimit": "5000/minute",
    "remainingUses": 500,
    "idleSeconds": 86400,
}


def rotated(token: Managed, **terms: object) -> Managed:
    """The successor of a token."""
    answer = token.do("rotate", **terms)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    return Managed(token.team, told["token"]["id"], told["secret"])


def works(token: Managed) -> bool:
    """Whether the token is let in."""
    return token.holder()("GET", "/v1/self").status_code == 200


def test_without_grace_the_old_one_dies_at_once(team: Team, actor: Actor) -> None:
    """Every kind keeps its shape, its name and its settings; the lineage is told."""
    old = managed(team, actor)
    before = old.change(**SETTINGS).json()
    new = rotated(old)
    assert (works(old), works(new)) == (False, True)
    assert old.reason() == "revoked"
    told = new.show()
    assert (told["rotatedFrom"], old.show()["rotatedTo"]) == (old.id, new.id)
    assert old.show()["state"] == "rotated"
    kept = {"kind", "name", "type", "role", "environment", "brokers", *SETTINGS} - {"remainingUses"}
    assert {n: told.get(n) for n in kept} == {n: before.get(n) for n in kept}
    assert len(new.secret) == len(old.secret)


def test_in_its_grace_the_old_one_works_beside_the_new(team: Team, actor: Actor) -> None:
    """Both are let in; then the time is over, which an event tells if the old one comes again."""
    old = managed(team, actor)
    new = rotated(old, graceSeconds=3600)
    assert (works(old), works(new)) == (True, True)
    assert old.show()["retiresAt"] > new.show()["createdAt"]
    store(team.server, "UPDATE token SET retires_at = 1 WHERE id = ?", old.id)
    assert (works(old), works(new)) == (False, True)
    assert old.show()["state"] == "rotated"
    assert seen(team, old, "token.reused")


def test_in_its_grace_the_old_one_gains_no_uses(team: Team, actor: Actor) -> None:
    """Uses that remain and a rate are those of the old and all its successors together."""
    old = managed(team, actor)
    old.change(remainingUses=7).raise_for_status()
    new = rotated(old, graceSeconds=3600)
    newest = rotated(new, graceSeconds=3600)
    heard = [each.reason() for _ in range(4) for each in (old, new, newest)]
    assert heard == ["valid"] * 7 + ["exhausted"] * 5
    newest.change(remainingUses=None, rateLimit="7/hour").raise_for_status()
    heard = [each.reason() for _ in range(4) for each in (old, new, newest)]
    assert heard == ["valid"] * 7 + ["rate_limited"] * 5


@pytest.mark.parametrize("verb", ["replace", "revoke"])
def test_who_shares_no_longer_shares_by_no_older_link(team: Team, verb: str) -> None:
    """A link in its grace dies with the one that it was rotated to."""
    old = managed(team, SHARE)
    new = rotated(old, graceSeconds=3600)
    if verb == "replace":
        SHARE.mint(team.root, team.project).raise_for_status()
    else:
        SHARE.revoke(team.root, team.project, "").raise_for_status()
    assert (old.reason(), new.reason()) == ("revoked", "revoked")


def seen(team: Team, token: Managed, action: str) -> bool:
    """Whether an event of the token is there, or comes soon."""
    path = f"/v1/projects/{team.project}/events"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        query = {"tokenId": token.id, "action": action}
        if team.root("GET", path, params=query).json()["events"]:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("grace", [0, 3600])
def test_the_first_use_of_the_new_one_ends_the_old(team: Team, actor: Actor, grace: int) -> None:
    """At once and everywhere, whatever is left of the grace; the event names the new one."""
    old = managed(team, actor)
    new = rotated(old, graceSeconds=grace, endOnFirstUse=True)
    assert works(old)
    assert works(new)
    assert not any(works(old) for _ in range(6))
    assert works(new)
    path = f"/v1/projects/{team.project}/events"
    events = team.root("GET", path, params={"tokenId": old.id, "action": "token.retired"}).json()
    assert [event["actor"] for event in events["events"]] == [new.id]


def test_what_retired_makes_room_and_is_purged(tmp_path: Path) -> None:
    """Rotations fill no project, and the old tokens are forgotten like all that are dead."""
    url = f"sqlite:///{tmp_path / 'jeton.db'}"
    server = Server(tmp_path, JETON_DATABASE_URL=url, JETON_MAX_TOKENS_PER_PROJECT="2").start()
    try:
        root, project = Caller(server.url, ROOT_TOKEN), new_project_id()
        root("POST", "/v1/projects", json={"id": project}).raise_for_status()
        old = managed(Team(server, root, project), TOKENS)
        new = rotated(old, graceSeconds=60)
        assert TOKENS.mint(root, project, name="more").status_code == 403
        store(server, "UPDATE token SET retires_at = 1 WHERE id = ?", old.id)
        assert TOKENS.mint(root, project, name="more").status_code == 200
        assert server.jeton("purge").stdout == "purged 1 tokens\n"
        assert root("GET", old.path).status_code == 404
        assert works(new)
    finally:
        server.stop()


@pytest.mark.parametrize("kind", [ADMIN, TOKENS], ids=["api", "project"])
def test_a_token_rotates_itself(team: Team, kind: Actor) -> None:
    """With its own secret, once; the successor can do it again."""
    old = managed(team, kind)
    told = old.holder()("POST", "/v1/self/rotate", json={"graceSeconds": 60})
    assert told.status_code == 201
    new = old.holder(told.json()["secret"])
    assert new("GET", "/v1/self").status_code == 200
    assert old.holder()("POST", "/v1/self/rotate", json={}).status_code == 409
    assert new("POST", "/v1/self/rotate", json={}).status_code == 201
    assert new("GET", "/v1/self").status_code == 401


def test_a_lifetime_begins_anew(team: Team) -> None:
    """A successor lives as long as its predecessor was meant to, or as is asked."""
    old = managed(team, TOKENS, valid_date="2050-01-01T00:00:00Z")
    new = rotated(old)
    assert new.show()["expiresAt"] > "2050-01-01"
    last = rotated(new, expiresAt="2040-01-01T00:00:00Z")
    assert last.show()["expiresAt"] == "2040-01-01T00:00:00.000Z"


def test_grace_has_a_limit(team: Team) -> None:
    """The operator's longest grace is told."""
    refused = managed(team, TOKENS).do("rotate", graceSeconds=604801)
    assert (refused.status_code, refused.json()["details"]) == (400, "At most 604800 seconds.")


def test_a_root_token_of_a_setting_is_not_rotated(server: Server, team: Team) -> None:
    """The setting would bring the old secret back."""
    refused = team.root("POST", "/v1/self/rotate", json={})
    assert refused.status_code == 409
    assert "JETON_ROOT_TOKEN" in refused.json()["details"]
