"""Live servers on both databases, three actors, and callers of every role."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.actors import ACTORS, HTTP, TOKENS, Actor, Caller
from tests.databases import new_database, postgres_server
from tests.live import ROOT_TOKEN, Server, new_project_id

DATABASES = ("sqlite", "postgresql")
NO_POSTGRES = "NO POSTGRESQL SERVER WAS FOUND: nothing was tested on it (set JETON_TEST_POSTGRES)"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what looks back on the whole run for the end, in whatever order the rest goes."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


def need(kind: str) -> None:
    """Skip, and say so, where a database is not to be had."""
    if kind == "postgresql" and postgres_server() is None:
        pytest.skip(NO_POSTGRES)


@pytest.fixture(autouse=True, scope="session")
def http() -> Iterator[None]:
    """Close the connections of all callers in the end."""
    yield
    HTTP.close()


@pytest.fixture(params=DATABASES, scope="session")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A live server on each database, shared by the tests of the whole run."""
    need(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    with new_database(request.param, folder) as url:
        running = Server(folder, anew=True, JETON_DATABASE_URL=url).start()
        yield running
        running.stop()


@pytest.fixture
def root(server: Server) -> Caller:
    """The caller who may do everything."""
    return Caller(server.url, ROOT_TOKEN)


@pytest.fixture
def stranger(server: Server) -> Caller:
    """A caller without a credential."""
    return Caller(server.url)


@pytest.fixture
def project(root: Caller) -> str:
    """The id of a new project."""
    project_id = new_project_id()
    assert root("POST", "/v1/projects", json={"id": project_id}).status_code == 201
    return project_id


@pytest.fixture(params=ACTORS, ids=[actor.dialect for actor in ACTORS])
def actor(request: pytest.FixtureRequest) -> Actor:
    """Each of the three dialects in turn."""
    found: Actor = request.param
    return found


@dataclass
class Team:
    """Callers of one project, by role."""

    server: Server
    root: Caller
    project: str

    def member(self, role: str) -> Caller:
        """A caller with a project token of that role."""
        minted = TOKENS.mint(self.root, self.project, name=f"{role}-{new_project_id()}", role=role)
        return Caller(self.server.url, TOKENS.secret(minted))


@pytest.fixture
def team(server: Server, root: Caller, project: str) -> Team:
    """The callers of a new project."""
    return Team(server, root, project)
