"""Management: every kind of token is listed, changed, suspended and revoked in one way."""

from typing import Any

import pytest

from tests.actors import ADMIN, SHARE, TOKENS, Actor, Caller
from tests.conftest import Team
from tests.contract.managing import managed, store
from tests.live import Server, new_project_id

ORDERS = ["created", "name", "expires", "last_used"]


def names(team: Team, **query: Any) -> list[str]:
    """The names of all tokens that match, page by page."""
    found: list[str] = []
    path: str | None = f"/v1/projects/{team.project}/tokens"
    options: dict[str, Any] = {"params": query}
    while path:
        page = team.root("GET", path, **options)
        page.raise_for_status()
        found += [token["name"] for token in page.json()["tokens"]]
        path, options = page.links.get("next", {}).get("url"), {}
    return found


@pytest.mark.parametrize("order", ORDERS)
def test_pages_hold_every_token_once_in_either_direction(team: Team, order: str) -> None:
    """`Link` leads through all pages, and `_desc` turns the order round."""
    for number in range(5):
        expiry = f"20{99 - number}-01-01T00:00:00Z" if number % 2 else None
        more = {"valid_date": expiry} if expiry else {}
        TOKENS.mint(team.root, team.project, name=f"n{number}", **more).raise_for_status()
    SHARE.mint(team.root, team.project).raise_for_status()
    there, back = names(team, order=order, limit=2), names(team, order=f"{order}_desc", limit=4)
    assert there == back[::-1]
    assert sorted(there) == ["n0", "n1", "n2", "n3", "n4", "public-share"]


def test_filters_let_through_what_matches(team: Team) -> None:
    """Each filter alone picks what it says."""
    first = managed(team, ADMIN, tokenName="api", environment="production", type="frontend")
    managed(team, TOKENS, name="editor", role="editor", valid_date="2090-01-01T00:00:00Z")
    gone = managed(team, TOKENS, name="gone")
    gone.do("revoke", reason="lost").raise_for_status()
    picked = {
        ("kind", "api"): ["api"],
        ("state", "revoked"): ["gone"],
        ("type", "frontend"): ["api"],
        ("role", "editor"): ["editor"],
        ("environment", "production"): ["api"],
        ("name", "editor"): ["editor"],
        ("expiresBefore", "2091-01-01T00:00:00Z"): ["editor"],
        ("expiresAfter", "2091-01-01T00:00:00Z"): [],
        ("lastUsedAfter", "2090-01-01T00:00:00Z"): [],
        ("lastUsedBefore", "2090-01-01T00:00:00Z"): ["api", "editor", "gone"],
        ("mintedBy", first.id): [],
    }
    for (name, value), expected in picked.items():
        assert names(team, **{name: value}) == expected, name


def test_what_a_token_minted_is_found_through_its_children(team: Team, server: Server) -> None:
    """`mintedBy` follows the tokens that minted tokens."""
    admin = managed(team, TOKENS, name="parent", role="admin")
    child = TOKENS.mint(admin.holder(), team.project, name="child", role="editor")
    editor = Caller(server.url, TOKENS.secret(child))
    ADMIN.mint(editor, team.project, tokenName="grandchild").raise_for_status()
    assert names(team, mintedBy=admin.id) == ["child", "grandchild"]
    path = f"/v1/projects/{team.project}/token-revocations"
    asked = {"mintedBy": admin.id}
    assert team.root("POST", path, json=asked).json() == {"matched": 2, "revoked": 0}
    wrong = team.root("POST", path, json={**asked, "confirmedCount": 3})
    assert (wrong.status_code, wrong.json()["details"]) == (409, "2 tokens match.")
    done = team.root("POST", path, json={**asked, "confirmedCount": 2, "reason": "stolen"})
    assert done.json() == {"matched": 2, "revoked": 2}
    assert editor("GET", "/v1/self").status_code == 401
    assert names(team, mintedBy=admin.id, state="revoked") == ["child", "grandchild"]


def test_settings_are_changed_and_removed(team: Team) -> None:
    """What is named changes, null removes, all else stays; the secret is good all along."""
    token = managed(team, ADMIN)
    settings = {
        "name": "renamed",
        "description": "The web shop",
        "metadata": {"team": "web"},
        "notBefore": "2001-01-01T00:00:00.000Z",
        "expiresAt": "2099-01-01T00:00:00.000Z",
        "idleSeconds": 3600,
        "allowedIps": ["127.0.0.0/8", "2001:db8::/32"],
        "rateLimit": "1000/minute",
        "remainingUses": 1000,
    }
    changed = token.change(**settings)
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in settings} == settings
    assert token.holder()("GET", "/v1/self").status_code == 200
    cleared = token.change(**dict.fromkeys(settings.keys() - {"name"})).json()
    assert settings.keys() & cleared.keys() == {"name"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"nope": 1},
        {"allowedIps": ["10.0.0.0/99"]},
        {"allowedIps": []},
        {"rateLimit": "0/minute"},
        {"rateLimit": "5/fortnight"},
        {"remainingUses": -1},
        {"remainingUses": 10**30},
        {"idleSeconds": 59},
        {"metadata": {str(number): "" for number in range(17)}},
        {"metadata": {"a": 1}},
        {"metadata": {"a": "line\nfeed"}},
        {"expiresAt": "2001-01-01T00:00:00Z"},
        {"secret": "x"},
    ],
)
def test_settings_that_break_the_contract_are_400(team: Team, changes: dict[str, Any]) -> None:
    """Nothing changes."""
    token = managed(team, ADMIN)
    # The mint's own look at the token may be written in between.
    before = {**token.show(), "lastUsedAt": None}
    assert token.change(**changes).status_code == 400
    assert {**token.show(), "lastUsedAt": None} == before


def test_a_suspended_token_is_good_for_nothing_until_it_is_resumed(
    team: Team, actor: Actor
) -> None:
    """Both verbs can be said twice."""
    token = managed(team, actor)
    for verb, state, status in (("suspend", "suspended", 401), ("resume", "active", 200)):
        for _ in range(2):
            done = token.do(verb)
            assert (done.status_code, done.json()["state"]) == (200, state)
        assert token.holder()("GET", "/v1/self").status_code == status
    assert token.do("suspend").status_code == 200
    assert token.reason() == "suspended"


def test_the_dead_stay_listed_and_their_names_are_free(team: Team, actor: Actor) -> None:
    """State, time, actor and reason are told; what is dead cannot be done anything to."""
    token = managed(team, actor)
    dead = token.do("revoke", reason="The laptop was lost.").json()
    assert (dead["state"], dead["endReason"]) == ("revoked", "The laptop was lost.")
    assert dead["endedBy"] == team.root("GET", "/v1/self").json()["id"]
    assert dead["endedAt"] >= dead["createdAt"]
    assert token.show().items() <= dead.items()
    assert token.holder()("GET", "/v1/self").status_code == 401
    assert actor.mint(team.root, team.project).status_code == actor.minted
    for verb in ("suspend", "resume", "revoke", "rotate"):
        assert token.do(verb).status_code == 409, verb
    assert token.change(description="x").status_code == 409


@pytest.mark.parametrize("end", ["expires_at", "retires_at"])
def test_what_has_expired_or_retired_stays_dead(team: Team, end: str) -> None:
    """Neither a later expiry nor another change brings it back; it can be revoked."""
    token = managed(team, TOKENS)
    if end == "retires_at":
        token.do("rotate", graceSeconds=60).raise_for_status()
    store(team.server, f"UPDATE token SET {end} = 1 WHERE id = ?", token.id)
    assert token.change(expiresAt=None).status_code == 409
    for verb in ("suspend", "resume", "rotate"):
        assert token.do(verb).status_code == 409, verb
    assert token.holder()("GET", "/v1/self").status_code == 401
    assert token.do("revoke").status_code == 200


def test_a_share_link_has_no_name_and_only_project_tokens_have_brokers(team: Team) -> None:
    """What a kind does not have cannot be set."""
    assert managed(team, SHARE).change(name="mine").status_code == 409
    assert managed(team, ADMIN).change(brokers=["b"]).status_code == 409
    token = managed(team, TOKENS)
    assert token.change(brokers=["b"]).json()["brokers"] == ["b"]
    assert token.reason(broker="b") == "valid"


def test_nobody_manages_above_their_role_or_abroad(team: Team) -> None:
    """A viewer looks on, an editor does not touch admins, and another project is 403."""
    admin = managed(team, TOKENS, name="boss", role="admin")
    viewer, editor = team.member("viewer"), team.member("editor")
    assert viewer("GET", admin.path).status_code == 200
    assert viewer("PATCH", admin.path, json={"description": "x"}).status_code == 403
    for verb in ("suspend", "resume", "rotate", "revoke"):
        body = {"json": {}} if verb in ("rotate", "revoke") else {}
        assert editor("POST", f"{admin.path}/{verb}", **body).status_code == 403, verb
    bulk = {"role": "admin", "confirmedCount": 1}
    path = f"/v1/projects/{team.project}/token-revocations"
    assert editor("POST", path, json=bulk).status_code == 403
    assert admin.show()["state"] == "active"
    other = new_project_id()
    team.root("POST", "/v1/projects", json={"id": other}).raise_for_status()
    boss = team.member("admin")
    foreign = TOKENS.mint(team.root, other).json()["id"]
    assert boss("GET", f"/v1/projects/{other}/tokens/{foreign}").status_code == 403
    assert boss("GET", f"/v1/projects/{team.project}/tokens/{foreign}").status_code == 404


@pytest.mark.parametrize("kind", [ADMIN, TOKENS], ids=["api", "project"])
def test_a_token_revokes_itself(team: Team, kind: Actor) -> None:
    """With a reason, and for good."""
    token = managed(team, kind)
    told = token.holder()("POST", "/v1/self/revoke", json={"reason": "done"})
    assert (told.status_code, told.json()["state"]) == (200, "revoked")
    assert token.holder()("GET", "/v1/self").status_code == 401


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJuYW1lIiwxLCJhIl0", "bXktcHJvamVjdA"])
def test_a_cursor_that_is_not_ours_is_400(team: Team, cursor: str) -> None:
    """Neither tokens nor events are listed from nowhere."""
    for what in ("tokens", "events"):
        path = f"/v1/projects/{team.project}/{what}"
        assert team.root("GET", path, params={"cursor": cursor}).status_code == 400
