"""Budgets: no token grants itself more uses, time or life than it was given."""

import datetime
import time

from tests.actors import ADMIN, TOKENS, Caller


def in_seconds(seconds: float) -> str:
    """That instant, as the contract writes it."""
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def mint(root: Caller, project: str, **changes: object) -> Caller:
    """The holder of a new API token, changed as told."""
    minted = ADMIN.mint(root, project)
    holder = Caller(root.url, minted.json()["secret"])
    if changes:
        path = f"/v1/projects/{project}/tokens/{holder('GET', '/v1/self').json()['id']}"
        assert root("PATCH", path, json=changes).status_code == 200
    return holder


def successor(holder: Caller, **terms: object) -> Caller:
    """The holder of the token that the holder made of its own."""
    answer = holder("POST", "/v1/self/rotate", json=terms)
    assert answer.status_code == 201
    return Caller(holder.url, answer.json()["secret"])


def passes(*holders: Caller, tries: int) -> int:
    """How many of the tries of each are let in."""
    answers = (each("GET", "/v1/self") for each in holders for _ in range(tries))
    return sum(answer.status_code == 200 for answer in answers)


def test_a_token_and_its_successors_share_their_remaining_uses(root: Caller, project: str) -> None:
    """Of 10 uses two are the rotations, and all three tokens have the other 8 together."""
    first = mint(root, project, remainingUses=10)
    second = successor(first, graceSeconds=3600)
    third = successor(second, graceSeconds=3600)
    assert passes(first, third, second, tries=5) == 8


def test_a_token_and_its_successor_share_their_rate(root: Caller, project: str) -> None:
    """Of 6 uses a day one is the rotation, and both tokens have the other 5 together."""
    first = mint(root, project, rateLimit="6/day")
    assert passes(first, successor(first, graceSeconds=3600), tries=4) == 5


def test_a_token_gives_itself_no_longer_life(root: Caller, project: str) -> None:
    """The successor lives as long as the one before it was meant to, and no longer."""
    holder = mint(root, project, expiresAt=in_seconds(3600))
    longer = holder("POST", "/v1/self/rotate", json={"expiresAt": in_seconds(7200)})
    assert longer.status_code == 400
    assert successor(holder, expiresAt=in_seconds(60))("GET", "/v1/self").status_code == 200


def test_no_change_stretches_a_life_beyond_the_longest(root: Caller, project: str) -> None:
    """The longest lifetime counts from when the token was minted, however late it is changed."""
    limit = {"maxTokenLifetimeSeconds": 3600}
    assert root("PATCH", f"/v1/projects/{project}", json=limit).status_code == 200
    holder = mint(root, project)
    presented = holder("GET", "/v1/self").json()
    path = f"/v1/projects/{project}/tokens/{presented['id']}"
    changed = root("PATCH", path, json={"expiresAt": None}).json()
    born, dies = (datetime.datetime.fromisoformat(changed[at]) for at in ("createdAt", "expiresAt"))
    assert dies - born == datetime.timedelta(hours=1)
    assert root("PATCH", path, json={"expiresAt": in_seconds(3601)}).status_code == 400


def test_a_token_that_lives_longer_than_is_allowed_since_can_be_rotated(
    root: Caller, project: str
) -> None:
    """The successor lives as long as is allowed now."""
    holder = mint(root, project, expiresAt=in_seconds(7200))
    limit = {"maxTokenLifetimeSeconds": 3600}
    assert root("PATCH", f"/v1/projects/{project}", json=limit).status_code == 200
    assert successor(holder)("GET", "/v1/self").json()["expiresAt"] <= in_seconds(3600)


def test_no_change_brings_an_expired_token_back(root: Caller, project: str) -> None:
    """It is dead, though it is listed until somebody revokes it."""
    holder = mint(root, project)
    path = f"/v1/projects/{project}/tokens/{holder('GET', '/v1/self').json()['id']}"
    assert root("PATCH", path, json={"expiresAt": in_seconds(0.2)}).status_code == 200
    time.sleep(0.3)
    assert root("PATCH", path, json={"expiresAt": in_seconds(60)}).status_code == 409
    assert root("POST", f"{path}/suspend").status_code == 409
    assert holder("GET", "/v1/self").status_code == 401
    assert root("POST", f"{path}/revoke", json={}).status_code == 200


def test_no_share_link_outlives_the_share(root: Caller, project: str) -> None:
    """Neither the link nor one that is in the grace of a rotation."""
    path = f"/v1/projects/{project}/public-share-token"
    for unshared in (("DELETE", 204), ("POST", 201)):
        shared = root("POST", path).json()["token"]
        share = Caller(root.url, shared)("GET", "/v1/self").json()["id"]
        rotation = f"/v1/projects/{project}/tokens/{share}/rotate"
        root("POST", rotation, json={"graceSeconds": 3600}).raise_for_status()
        assert root("GET", f"/v1/public-shares/{shared}").status_code == 200
        assert root(unshared[0], path).status_code == unshared[1]
        assert root("GET", f"/v1/public-shares/{shared}").status_code == 404


def test_a_broker_lets_a_client_stay_no_longer_than_the_grace(root: Caller, project: str) -> None:
    """EMQX is told the end of the grace where that comes before the expiry."""
    minted = TOKENS.mint(root, project, type="unrestricted").json()
    path = f"/v1/projects/{project}/tokens/{minted['id']}/rotate"
    assert root("POST", path, json={"graceSeconds": 60}).status_code == 201
    asked = {"username": "any", "password": minted["token"]}
    door = f"/v1/projects/{project}/brokers/broker-1/emqx/authentication"
    told = root("POST", door, json=asked).json()
    assert told["result"] == "allow"
    assert told["expire_at"] <= time.time() + 60


def test_an_address_of_ipv4_is_the_same_to_a_socket_for_both_versions(
    root: Caller, project: str
) -> None:
    """A service that listens on IPv6 tells IPv4 hosts in their mapped form."""
    minted = ADMIN.mint(root, project).json()
    holder = Caller(root.url, minted["secret"])
    path = f"/v1/projects/{project}/tokens/{holder('GET', '/v1/self').json()['id']}"
    assert root("PATCH", path, json={"allowedIps": ["192.0.2.0/24"]}).status_code == 200
    for address, reason in (("::ffff:192.0.2.7", "valid"), ("::ffff:10.0.0.1", "ip_not_allowed")):
        asked = {"token": minted["secret"], "address": address}
        assert root("POST", "/v1/verify", json=asked).json()["reason"] == reason
