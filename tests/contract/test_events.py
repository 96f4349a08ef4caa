"""Events: every change has one, and who may read them finds it."""

import json

from tests.actors import ADMIN, SHARE, TOKENS, Actor
from tests.conftest import Team
from tests.contract.managing import managed


def actions(team: Team, **query: str) -> list[str]:
    """The actions of the events that match, newest first."""
    path = f"/v1/projects/{team.project}/events"
    return [event["action"] for event in team.root("GET", path, params=query).json()["events"]]


def test_every_change_has_exactly_one_event(team: Team, actor: Actor) -> None:
    """In the order in which they happened, with the actor, the address and the request."""
    token = managed(team, actor)
    token.change(description="one").raise_for_status()
    token.change(description="one").raise_for_status()
    token.do("suspend").raise_for_status()
    token.do("suspend").raise_for_status()
    token.do("resume").raise_for_status()
    marked = team.root(
        "POST", f"{token.path}/revoke", json={}, headers={"X-Request-Id": "my-request"}
    )
    marked.raise_for_status()
    assert actions(team, tokenId=token.id) == [
        "token.revoked",
        "token.resumed",
        "token.suspended",
        "token.updated",
        "token.minted",
    ]
    path = f"/v1/projects/{team.project}/events"
    newest = team.root("GET", path, params={"limit": "1"}).json()["events"][0]
    assert (newest["requestId"], newest["address"]) == ("my-request", "127.0.0.1")
    assert newest["actor"] == team.root("GET", "/v1/self").json()["id"]


def test_events_come_by_pages_and_filters(team: Team) -> None:
    """Pages hold each event once; filters pick."""
    for number in range(4):
        TOKENS.mint(team.root, team.project, name=f"n{number}").raise_for_status()
    SHARE.mint(team.root, team.project).raise_for_status()
    path, seen = f"/v1/projects/{team.project}/events?limit=2", []
    while path:
        page = team.root("GET", path)
        seen += [event["id"] for event in page.json()["events"]]
        path = page.links.get("next", {}).get("url", "")
    assert len(set(seen)) == len(seen) == 6
    assert seen == sorted(seen, reverse=True)
    assert actions(team, action="project.created") == ["project.created"]
    assert actions(team, since="2090-01-01T00:00:00Z") == []
    assert actions(team, until="2001-01-01T00:00:00Z") == []
    assert actions(team, actor="nobody") == []


def test_lines_of_json_are_one_event_each(team: Team) -> None:
    """`Accept: application/x-ndjson` gives what JSON gives, a line each."""
    ADMIN.mint(team.root, team.project).raise_for_status()
    path = f"/v1/projects/{team.project}/events"
    lines = team.root("GET", path, headers={"Accept": "application/x-ndjson"})
    assert lines.headers["content-type"] == "application/x-ndjson"
    told = [json.loads(line) for line in lines.text.splitlines()]
    assert told == team.root("GET", path).json()["events"]


def test_only_root_sees_the_whole_server(team: Team) -> None:
    """A viewer sees the events of its project, a holder none."""
    viewer = team.member("viewer")
    assert viewer("GET", f"/v1/projects/{team.project}/events").status_code == 200
    assert viewer("GET", "/v1/events").status_code == 403
    told = team.root("GET", "/v1/events", params={"limit": "100"})
    assert team.project in {event.get("project") for event in told.json()["events"]}


def test_a_viewer_is_not_told_where_root_calls_from(team: Team) -> None:
    """Nor in which request; of the callers of its own project it is."""
    viewer, editor = team.member("viewer"), team.member("editor")
    TOKENS.mint(editor, team.project, name="by-editor").raise_for_status()
    path = f"/v1/projects/{team.project}/events"
    told = viewer("GET", path).json()["events"]
    own = editor("GET", "/v1/self").json()["id"]
    assert {each["actor"] for each in told if "address" in each or "requestId" in each} == {own}
    assert all("address" in each for each in team.root("GET", path).json()["events"])
    lines = viewer("GET", path, headers={"Accept": "application/x-ndjson"}).text.splitlines()
    assert [json.loads(line) for line in lines] == told


def test_a_project_made_anew_shows_nothing_of_the_one_before(team: Team) -> None:
    """To nobody under its own path; root finds the old events among those of the server."""
    token = managed(team, TOKENS)
    team.root("DELETE", f"/v1/projects/{team.project}").raise_for_status()
    team.root("POST", "/v1/projects", json={"id": team.project}).raise_for_status()
    viewer, path = team.member("viewer"), f"/v1/projects/{team.project}"
    for by in (team.root, viewer):
        (one,) = by("GET", f"{path}/tokens").json()["tokens"]
        assert one["id"] == viewer("GET", "/v1/self").json()["id"]
        assert by("GET", token.path).status_code == 404
    assert actions(team) == ["token.minted", "project.created"]
    asked = {"token": token.secret}
    assert viewer("POST", "/v1/verify", json=asked).json() == {
        "valid": False, "reason": "not_found"
    }  # fmt: skip
    verdict = team.root("POST", "/v1/verify", json=asked).json()
    assert (verdict["reason"], verdict["token"]["project"]) == ("revoked", team.project)
    old = team.root("GET", "/v1/events", params={"tokenId": token.id}).json()["events"]
    assert {(each["action"], each["project"]) for each in old} == {
        ("token.minted", team.project), ("token.revoked", team.project)
    }  # fmt: skip
