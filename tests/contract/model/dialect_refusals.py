"""What is wrong with a call on projects, links, and the tokens of the three dialects."""

from collections.abc import Callable

from tests.contract.model.request import HOME, Request
from tests.contract.model.tables import OK, SHARE_TOKEN, grants
from tests.contract.model.token import VALID, Token
from tests.contract.model.world import World

NAMES = {"api": "tokenName", "project": "name"}
Refusal = Callable[[World, Request], set[str]]


def no_project(world: World, request: Request) -> set[str]:
    """The project is not there."""
    return set() if request.project in world.projects else {"project_not_found"}


def out_of_range(world: World, request: Request, born: int) -> set[str]:
    """A token that was born then is to expire too early or too late."""
    expires_at = world.expiry(request.project, request.expires_at, born)
    latest = world.latest(request.project, born)
    fits = expires_at is None or request.at < expires_at <= latest
    return set() if fits else {"expiry_out_of_range"}


def name_taken(world: World, request: Request, kind: str, name: str, by: Token | None) -> set[str]:
    """Another token of the project has that name."""
    namesakes = (t for t in world.of(request.project) if (t.kind, t.name) == (kind, name))
    rivals = [t for t in namesakes if t is not by and t.keeps_its_name(request.at)]
    return {"token_name_taken"} if rivals else set()


def _project_exists(world: World, request: Request) -> set[str]:
    return {"project_exists"} if request.body["id"] in world.projects else set()


def _no_share(world: World, request: Request) -> set[str]:
    missing = no_project(world, request)
    if missing or world.share(request.project):
        return missing
    return {"public_share_token_not_found"}


def _no_link(world: World, request: Request) -> set[str]:
    if not SHARE_TOKEN.search(request.reference):
        return {"validation_failed"}
    token = world.holding(request.reference)
    reasons = token.reasons(request.at, HOME) if token else {"not_found"}
    return {OK if reason == VALID else "public_share_token_not_found" for reason in reasons}


def _no_token(kind: str) -> Refusal:
    def check(world: World, request: Request) -> set[str]:
        missing = no_project(world, request)
        if missing or world.found(request.project, kind, request.reference, request.at):
            return missing
        return {"token_not_found"}

    return check


def _no_end(world: World, request: Request) -> set[str]:
    missing = _no_token("project")(world, request)
    token = world.found(request.project, "project", request.reference, request.at)
    if missing or token is None:
        return missing
    return set() if grants(request.caller.grade, token.role) else {"role_not_held"}


def _no_mint(kind: str) -> Refusal:
    def check(world: World, request: Request) -> set[str]:
        wrong = no_project(world, request) or out_of_range(world, request, request.at)
        if not grants(request.caller.grade, request.body.get("role")):
            wrong.add("role_not_held")
        return wrong | name_taken(world, request, kind, request.body[NAMES[kind]], None)

    return check


REFUSALS: dict[str, Refusal] = {
    "createProject": _project_exists,
    "getProject": no_project,
    "updateProject": no_project,
    "deleteProject": no_project,
    "getPublicShareToken": _no_share,
    "createPublicShareToken": no_project,
    "deletePublicShareToken": _no_share,
    "getPublicShare": _no_link,
    "listProjectApiTokens": no_project,
    "createProjectApiToken": _no_mint("api"),
    "getProjectApiToken": _no_token("api"),
    "deleteProjectApiToken": _no_token("api"),
    "listProjectTokens": no_project,
    "createProjectToken": _no_mint("project"),
    "getProjectToken": _no_token("project"),
    "deleteProjectToken": _no_end,
}
