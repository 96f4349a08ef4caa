"""How long a token may live at most, as the server and its project allow."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.actors import ACTORS, SHARE, TOKENS, Caller
from tests.conftest import Team
from tests.contract.managing import managed
from tests.live import ROOT_TOKEN, Server, new_project_id


def test_a_lifetime_is_limited_by_the_server(tmp_path: Path) -> None:
    """In every dialect and by rotation; a project can only shorten it."""
    server = Server(tmp_path, JETON_MAX_LIFETIME_DAYS="2").start()
    try:
        root, project = Caller(server.url, ROOT_TOKEN), new_project_id()
        root("POST", "/v1/projects", json={"id": project}).raise_for_status()
        team, latest = Team(server, root, project), in_days(2)
        tokens = [managed(team, actor) for actor in ACTORS]
        assert all(in_days(1) < token.show()["expiresAt"] < latest for token in tokens)
        late = {"expiresAt": in_days(3)}
        assert {token.do("rotate", **late).status_code for token in tokens} == {400}
        assert {token.change(**late).status_code for token in tokens} == {400}
        path = f"/v1/projects/{project}"
        for seconds, longest in ((86_400, 1), (864_000, 2)):
            root("PATCH", path, json={"maxTokenLifetimeSeconds": seconds}).raise_for_status()
            assert managed(team, SHARE).show()["expiresAt"] < in_days(longest)
    finally:
        server.stop()


def in_days(days: int) -> str:
    """An instant a few seconds later than so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days, seconds=30)).isoformat()


def test_a_lifetime_is_limited_by_the_project(team: Team) -> None:
    """Who asks for nothing gets the longest, who asks for more is refused."""
    project = f"/v1/projects/{team.project}"
    limited = team.root("PATCH", project, json={"maxTokenLifetimeSeconds": 3600})
    assert limited.json()["maxTokenLifetimeSeconds"] == 3600
    for actor in ACTORS:
        assert "expiresAt" in managed(team, actor).show()
    assert (
        TOKENS.mint(
            team.root, team.project, name="long", valid_date="2090-01-01T00:00:00Z"
        ).status_code
        == 400
    )
    token = managed(team, TOKENS, name="patient")
    assert token.change(expiresAt="2090-01-01T00:00:00Z").status_code == 400
    team.root("PATCH", project, json={"maxTokenLifetimeSeconds": None}).raise_for_status()
    assert "expiresAt" not in managed(team, TOKENS, name="free").show()
