"""What is particular to each dialect, to the letter."""

import re
import time
from datetime import UTC, datetime

from tests.actors import ADMIN, SHARE, TOKENS, Caller
from tests.live import ROOT_TOKEN, Server, new_project_id, run_jeton

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ELEVEN = (
    "secret tokenName type project projects environment expiresAt createdAt alias seenAt secure"
)


def test_unleash_lists_all_eleven_keys_in_order(root: Caller, project: str) -> None:
    """Every element of the list has the eleven keys, oldest first, with its secret."""
    minted = [ADMIN.mint(root, project, tokenName=name).json() for name in ("a", "b", "c")]
    listed = ADMIN.list(root, project).json()["tokens"]
    assert [" ".join(token) for token in listed] == [ELEVEN] * 3
    assert listed == minted


def test_unleash_mints_as_documented(root: Caller, project: str) -> None:
    """The secret is `project:environment.random`, the type in lower case, the Location resolves."""
    expiry = "2031-05-06T07:08:09.123Z"
    sent = {"type": "FrontEnd", "environment": "development", "expiresAt": expiry}
    minted = ADMIN.mint(root, project, **sent)
    body = minted.json()
    assert re.fullmatch(rf"{project}:development\.[0-9a-f]{{56}}", body["secret"])
    assert (body["type"], body["expiresAt"]) == ("frontend", expiry)
    assert (body["project"], body["projects"]) == (project, [project])
    assert (body["alias"], body["seenAt"], body["secure"]) == (None, None, False)
    assert INSTANT.fullmatch(body["createdAt"])
    assert root("GET", minted.headers["location"]).json() == body


def test_unleash_ignores_what_it_does_not_know(root: Caller, project: str) -> None:
    """Extra properties are accepted and leave no trace."""
    path = ADMIN.collection.format(project=project)
    extras = {"secret": "mine", "project": "other", "alias": "x", "seenAt": 5}
    minted = root("POST", path, json={**(ADMIN.body or {}), **extras})
    assert minted.status_code == 201
    assert minted.json()["project"] == project
    assert minted.json()["secret"] != "mine"


def test_unleash_deletes_by_id_and_by_secret(root: Caller, project: str) -> None:
    """200 with an empty body and no media type; the second time 404."""
    first, second = (ADMIN.mint(root, project, tokenName=name) for name in ("a", "b"))
    references = (first.headers["location"].rpartition("/")[2], second.json()["secret"])
    for reference in references:
        gone = ADMIN.revoke(root, project, reference)
        assert (gone.status_code, gone.content) == (200, b"")
        assert "content-type" not in gone.headers
        assert ADMIN.revoke(root, project, reference).status_code == 404


def test_unleash_accepts_a_bare_token(server: Server, project: str, stranger: Caller) -> None:
    """`Authorization: TOKEN` is as good as `Bearer TOKEN`, in any case and with more blanks."""
    for value in (ROOT_TOKEN, f"bearer {ROOT_TOKEN}", f"BEARER   {ROOT_TOKEN}"):
        path = ADMIN.collection.format(project=project)
        assert stranger("GET", path, headers={"Authorization": value}).status_code == 200


def test_shares_are_one_uuid_a_project(root: Caller, stranger: Caller, project: str) -> None:
    """POST mints a UUID v4 with its link; POST again kills the old link at once; DELETE the new."""
    first = SHARE.mint(root, project).json()
    assert set(first) == {"token", "createdAt", "url"}
    assert UUID4.fullmatch(first["token"])
    assert INSTANT.fullmatch(first["createdAt"])
    assert SHARE.list(root, project).json() == first
    link = "/v1/public-shares/"
    assert first["url"].endswith(link + first["token"])
    shown = stranger("GET", link + first["token"]).json()
    assert shown == {
        "projectId": project,
        "projectName": project,
        "createdAt": first["createdAt"],
    }
    second = SHARE.mint(root, project).json()
    assert stranger("GET", link + first["token"]).status_code == 404
    assert stranger("GET", link + second["token"]).status_code == 200
    gone = SHARE.revoke(root, project, "")
    assert (gone.status_code, gone.content) == (204, b"")
    assert stranger("GET", link + second["token"]).status_code == 404
    assert SHARE.error(SHARE.list(root, project)) == (404, "public_share_token_not_found")


def test_cedalo_mints_as_documented(root: Caller, project: str) -> None:
    """200 with the token once; dates are epoch milliseconds; what never happened is absent."""
    body = TOKENS.mint(root, project, valid_date="2031-05-06T07:08:09.123+02:00").json()
    expiry = datetime(2031, 5, 6, 5, 8, 9, 123_000, UTC)
    assert body["valid_date"] == expiry.timestamp() * 1000
    assert abs(body["issue_date"] - time.time() * 1000) < 60_000
    assert re.fullmatch("[0-9a-f]{64}", body["hash"])
    assert (body["role_id"], body["type"], body["brokers"]) == ("viewer", "restricted", [])
    assert "last_used_date" not in body
    token = body.pop("token")
    assert TOKENS.list(root, project).json() == [body]
    assert root("GET", TOKENS.item.format(project=project, token=body["id"])).json() == body
    plain = TOKENS.mint(root, project, name="forever").json()
    assert "valid_date" not in plain
    assert token.startswith("jeton_project_")


def test_cedalo_deletes_with_a_flag(root: Caller, project: str) -> None:
    """The answer to DELETE is a bare `true`."""
    minted = TOKENS.mint(root, project)
    assert TOKENS.revoke(root, project, minted.json()["id"]).json() is True


def test_the_fingerprint_opens_nothing(root: Caller, project: str, server: Server) -> None:
    """`hash` neither authenticates nor is what the database looks up."""
    minted = TOKENS.mint(root, project).json()
    assert Caller(server.url, minted["hash"])("GET", "/v1/self").status_code == 401


def test_uses_are_noted_within_seconds(root: Caller, project: str, server: Server) -> None:
    """A use shows as seenAt and last_used_date once the next flush has run."""
    api, member = ADMIN.mint(root, project), TOKENS.mint(root, project)
    for secret in (api.json()["secret"], member.json()["token"]):
        assert Caller(server.url, secret)("GET", "/v1/self").status_code == 200
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        seen = ADMIN.list(root, project).json()["tokens"][0]["seenAt"]
        used = TOKENS.list(root, project).json()[0].get("last_used_date")
        if seen and used:
            break
        time.sleep(0.1)
    assert INSTANT.fullmatch(seen)
    assert used >= member.json()["issue_date"]


def test_old_ids_live_in_the_old_dialects(server: Server, root: Caller) -> None:
    """A project such as `default` is made by the command line and served outside /v1."""
    name = f"old.{new_project_id()}"
    made = run_jeton(server.folder, "project", "create", name, **server.settings)
    assert made.returncode == 0, made.stderr
    assert ADMIN.mint(root, name).status_code == 201
    assert TOKENS.mint(root, name).status_code == 200
    assert SHARE.mint(root, name).status_code == 400


def test_a_deleted_project_takes_its_tokens_along(
    root: Caller, project: str, server: Server
) -> None:
    """Every token of a deleted project is refused at once, and the id can be used anew."""
    minted = [actor.secret(actor.mint(root, project)) for actor in (ADMIN, SHARE, TOKENS)]
    assert root("DELETE", f"/v1/projects/{project}").status_code == 204
    assert root("DELETE", f"/v1/projects/{project}").status_code == 404
    for secret in minted:
        assert Caller(server.url, secret)("GET", "/v1/self").status_code == 401
    assert root("POST", "/v1/projects", json={"id": project}).status_code == 201
    assert ADMIN.list(root, project).json() == {"tokens": []}


def test_projects_are_listed_by_pages(root: Caller) -> None:
    """Each page leads to the next by cursor and Link (RFC 8288), in order, none twice."""
    made = sorted(new_project_id() for _ in range(5))
    for project in made:
        root("POST", "/v1/projects", json={"id": project, "name": "Paged"})
    seen, path = [], "/v1/projects?limit=2"
    while path:
        page = root("GET", path)
        seen += [project["id"] for project in page.json()["projects"]]
        assert len(page.json()["projects"]) <= 2
        following = re.fullmatch(r'<(.+)>; rel="next"', page.headers.get("link", ""))
        assert bool(following) == ("nextCursor" in page.json())
        path = following[1] if following else ""
    assert seen == sorted(set(seen))
    assert set(made) <= set(seen)
    for foreign in ("%2A", "AAA", "A", "______"):
        assert root("GET", f"/v1/projects?cursor={foreign}").status_code == 400


def test_renaming_changes_the_name_alone(root: Caller, project: str) -> None:
    """PATCH answers the project with its new name."""
    before = root("GET", f"/v1/projects/{project}").json()
    after = root("PATCH", f"/v1/projects/{project}", json={"name": "Another"}).json()
    assert after == {**before, "name": "Another"} == root("GET", f"/v1/projects/{project}").json()
    assert root("PATCH", f"/v1/projects/{project}", json={}).status_code == 400


def test_self_tells_what_a_token_is(root: Caller, project: str, server: Server) -> None:
    """Each kind tells of itself what applies to it."""
    api = Caller(server.url, ADMIN.secret(ADMIN.mint(root, project)))("GET", "/v1/self").json()
    assert (api["kind"], api["type"], api["environment"]) == ("api", "backend", "default")
    minted = TOKENS.mint(root, project, brokers=["b-1"], role="editor")
    member = Caller(server.url, TOKENS.secret(minted))("GET", "/v1/self").json()
    assert (member["kind"], member["role"], member["brokers"]) == ("project", "editor", ["b-1"])
    share = Caller(server.url, SHARE.secret(SHARE.mint(root, project)))("GET", "/v1/self").json()
    assert (share["kind"], share["project"]) == ("share", project)
    me = root("GET", "/v1/self").json()
    assert (me["kind"], me["role"], "project" in me) == ("root", "root", False)


def test_no_answer_of_the_api_may_be_stored(root: Caller, stranger: Caller, project: str) -> None:
    """`no-store` stands on answers and on errors alike."""
    for answer in (root("GET", "/v1/self"), stranger("GET", "/v1/self"), root("GET", "/nope")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
