"""Projects: made, found, renamed, listed, deleted and made anew."""

import pytest

from models import purge
from models.failures import ProjectExists, ProjectLimitReached, ProjectNotFound, TokenNotFound
from models.history import EventFilter, list_events_page
from models.life import delete_project
from models.listing import Filter, Listed, list_page, show
from models.project import (
    create_project,
    find_project,
    list_projects,
    predecessor_ended_at,
    public_id,
    update_project,
)
from models.token import read_token
from models.verification import Needs, verify
from tests.unit.models.stores import (
    ROOT,
    OpenedStore,
    actions,
    at_once,
    caller,
    mint_api,
    mint_project,
)


def create(*projects: str) -> None:
    """Make projects without a name of their own."""
    for project in projects:
        create_project(project, None, by=ROOT)


def ids(*, after: str = "", limit: int = 100, project: str | None = None) -> list[str]:
    """The ids that a caller sees on one page."""
    by = caller("viewer", project) if project else ROOT
    return [record.id for record in list_projects(by, after=after, limit=limit)]


def test_a_project_is_found_by_its_id(store: OpenedStore) -> None:
    """What was created is found, and nothing else."""
    created = create_project("demo-project", "A demonstration", by=ROOT)
    assert find_project("demo-project") == created
    assert created.name == "A demonstration"
    with pytest.raises(ProjectNotFound):
        find_project("demo-projec")


@pytest.mark.parametrize(
    ("project", "name"), [("p", "Project p"), ("default", "default"), ("x" * 100, "x" * 60)]
)
def test_a_project_without_a_name_is_called_by_its_id(
    store: OpenedStore, project: str, name: str
) -> None:
    """A default name is the id, drawn out or cut to a name's length."""
    assert create_project(project, None, by=ROOT).name == name


def test_an_id_belongs_to_one_project(store: OpenedStore) -> None:
    """Of twenty who create the same id at once one succeeds, and one event tells of it."""
    made = at_once(*[lambda: create_project("demo-project", None, by=ROOT)] * 20)
    assert [type(each) for each in made].count(ProjectExists) == 19
    assert actions(project_id="demo-project") == ["project.created"]


def test_the_limit_of_projects_is_exact_in_a_crowd(store: OpenedStore) -> None:
    """Twenty at once fill the server to its limit and not beyond."""
    store.allow(max_projects=7)
    works = [
        lambda number=number: create_project(f"project-{number}", None, by=ROOT)
        for number in range(20)
    ]
    made = at_once(*works)
    assert [type(each) for each in made].count(ProjectLimitReached) == 13
    assert len(ids()) == 7


def test_a_deleted_project_makes_room(store: OpenedStore) -> None:
    """A project that is deleted does not count against the limit."""
    store.allow(max_projects=1)
    create("first-project")
    with pytest.raises(ProjectLimitReached):
        create("second-project")
    delete_project("first-project", by=ROOT)
    create("second-project")
    assert ids() == ["second-project"]


def test_a_project_is_renamed(store: OpenedStore) -> None:
    """A new name is kept, and an event tells of it; a project that is not there has none."""
    create("demo-project")
    changed = update_project("demo-project", {"name": "Renamed"}, by=ROOT)
    assert changed == find_project("demo-project")
    assert find_project("demo-project").name == "Renamed"
    assert actions(project_id="demo-project") == ["project.created", "project.updated"]
    with pytest.raises(ProjectNotFound):
        update_project("other-project", {"name": "Renamed"}, by=ROOT)


def test_a_list_goes_on_after_an_id(store: OpenedStore) -> None:
    """Pages in the order of ids, each after the last id of the one before, give every project."""
    create(*(f"project-{letter}" for letter in "caedb"))
    pages = [ids(limit=2), ids(after="project-b", limit=2), ids(after="project-d", limit=2)]
    assert [each for page in pages for each in page] == [f"project-{one}" for one in "abcde"]


def test_a_callers_list_is_its_own_project(store: OpenedStore) -> None:
    """A caller of one project does not see the others."""
    create("demo-project", "other-project")
    assert ids(project="demo-project") == ["demo-project"]
    assert ids(project="nowhere-project") == []


def test_a_deleted_project_is_gone(store: OpenedStore) -> None:
    """A deleted project is neither found nor listed, and cannot be deleted again."""
    create("demo-project")
    assert delete_project("demo-project", by=ROOT) == 0
    assert ids() == []
    for work in (find_project, lambda each: delete_project(each, by=ROOT)):
        with pytest.raises(ProjectNotFound):
            work("demo-project")


def test_the_id_of_a_deleted_project_can_be_used_anew(store: OpenedStore) -> None:
    """A project made anew has the new name; what happened to the old one is still known."""
    create("demo-project")
    delete_project("demo-project", by=ROOT)
    create_project("demo-project", "Second life", by=ROOT)
    assert find_project("demo-project").name == "Second life"
    assert actions(project_id="demo-project") == [
        "project.created", "project.deleted", "project.created"
    ]  # fmt: skip


def test_a_project_made_anew_shows_nothing_of_the_one_before(store: OpenedStore) -> None:
    """Neither its dead tokens nor its events, not those that come later either."""
    create("demo-project", "demo-projec", "Demo-project")
    old = mint_project("demo-project", "viewer").token
    secret = mint_api("demo-project").secret
    delete_project("demo-project", by=ROOT)
    create("demo-project")
    new = mint_project("demo-project", "viewer").token
    assert [listed.token for listed in page("demo-project")] == [new]
    with pytest.raises(TokenNotFound):
        show("demo-project", old.id)
    viewer = caller("viewer", "demo-project")
    assert verify(secret, Needs(), by=viewer).reason == "not_found"
    assert verify(secret, Needs(), by=ROOT).reason == "revoked"
    assert public_id(read_token(old.id).project_id) == "demo-project"
    assert purge.purge(0, by=ROOT) == 2
    assert history("demo-project") == ["token.minted", "project.created"]
    delete_project("demo-project", by=ROOT)
    create("demo-project")
    assert history("demo-project") == history("demo-projec") == ["project.created"]


def page(project: str) -> list[Listed]:
    """Every token that a project shows."""
    return list_page(project, Filter(), order="created", after=None, limit=100)


def history(project: str) -> list[str]:
    """The actions that a project shows, newest first."""
    which = EventFilter(project, after=predecessor_ended_at(find_project(project)))
    return [each.action for each in list_events_page(which, by=ROOT, limit=100)]
