"""What each operation does to the world when it succeeds, and the body that it must answer.

These are projects, links and the tokens of the three dialects. There is a function for each
operation, of its name in snake_case. What only the server can know (ids and secrets) is learned
from the answer of a mint.
"""

from typing import Any

from tests.contract.model import shapes
from tests.contract.model.records import Project
from tests.contract.model.request import Request
from tests.contract.model.selection import behind, page
from tests.contract.model.tables import ROLES
from tests.contract.model.token import VALID, Token
from tests.contract.model.wire import Answer
from tests.contract.model.world import World

SHARE_NAME = "public-share"


def list_projects(world: World, request: Request, answer: Answer) -> Any:
    """The page that begins after a project, in the order of ids."""
    caller = request.caller
    seen = [p for _, p in sorted(world.projects.items()) if caller.project in (None, p.id)]
    told = [shapes.project(project) for project in behind(seen, request)]
    return page("projects", told, request, answer.body)


def create_project(world: World, request: Request, answer: Answer) -> Any:
    """The new project."""
    sent = request.body
    made = Project(sent["id"], sent.get("name", sent["id"]), request.at)
    world.create(made, request.cause)
    return shapes.project(made)


def get_project(world: World, request: Request, answer: Answer) -> Any:
    """The project."""
    return shapes.project(world.projects[request.project])


def update_project(world: World, request: Request, answer: Answer) -> Any:
    """The project with its new name, or another longest lifetime of its new tokens."""
    found, asked = world.projects[request.project], request.body
    found.name = asked.get("name", found.name)
    found.longest = asked.get("maxTokenLifetimeSeconds", found.longest)
    world.note("project.updated", request.project, None, request.cause)
    return shapes.project(found)


def delete_project(world: World, request: Request, answer: Answer) -> Any:
    """Nothing."""
    world.delete(request.project, request.cause)


def get_public_share_token(world: World, request: Request, answer: Answer) -> Any:
    """The share token, secret and all, also for viewers: it is a link for the public."""
    return shapes.share(_share(world, request), answer.base)


def create_public_share_token(world: World, request: Request, answer: Answer) -> Any:
    """The new share token. Its id is learned when it is first presented."""
    _end_shares(world, request, "replaced")
    made = Token(
        id="",
        kind="share",
        project=request.project,
        name=SHARE_NAME,
        secret=answer.body["token"],
        issuer=request.caller.id,
        created_at=request.at,
        expires_at=world.expiry(request.project, None, request.at),
    )
    world.mint(made, request.cause)
    return shapes.share(made, answer.base)


def delete_public_share_token(world: World, request: Request, answer: Answer) -> Any:
    """Nothing. Links in their grace end with the one that they were rotated to."""
    _end_shares(world, request, "revoked")


def get_public_share(world: World, request: Request, answer: Answer) -> Any:
    """What the link shows."""
    token = world.holding(request.reference)
    assert token is not None
    world.present(token, VALID, request.at)
    return shapes.link(token, world.projects[str(token.project)])


def list_project_api_tokens(world: World, request: Request, answer: Answer) -> Any:
    """The API tokens of the project."""
    mine = world.listed(request.project, "api", request.at)
    return {"tokens": [_api_token(token, request) for token in mine]}


def create_project_api_token(world: World, request: Request, answer: Answer) -> Any:
    """The new API token; `Location` names it."""
    sent, told = request.body, answer.body
    made = Token(
        id=answer.headers["location"].rpartition("/")[2],
        kind="api",
        project=request.project,
        name=sent["tokenName"],
        secret=told["secret"],
        issuer=request.caller.id,
        created_at=request.at,
        type=sent["type"].lower(),
        environment=sent.get("environment", "default"),
        expires_at=world.expiry(request.project, request.expires_at, request.at),
    )
    assert made.secret.startswith(f"{made.project}:{made.environment}."), told
    world.mint(made, request.cause)
    return _api_token(made, request)


def get_project_api_token(world: World, request: Request, answer: Answer) -> Any:
    """The API token."""
    return _api_token(_named(world, request, "api"), request)


def delete_project_api_token(world: World, request: Request, answer: Answer) -> Any:
    """Nothing."""
    token = _named(world, request, "api")
    world.finish(token, "revoked", request.cause)


def list_project_tokens(world: World, request: Request, answer: Answer) -> Any:
    """The project tokens of the project, without their secrets."""
    mine = world.listed(request.project, "project", request.at)
    hashes = {told["id"]: told["hash"] for told in answer.body}
    return [_project_token(token, hashes.get(token.id, "")) for token in mine]


def create_project_token(world: World, request: Request, answer: Answer) -> Any:
    """The new project token, and its secret this once."""
    sent, told = request.body, answer.body
    made = Token(
        id=told["id"],
        kind="project",
        project=request.project,
        name=sent["name"],
        secret=told["token"],
        issuer=request.caller.id,
        created_at=request.at,
        role=sent.get("role", "viewer"),
        type=sent.get("type", "restricted"),
        brokers=tuple(sent.get("brokers", ())),
        fingerprint=told["hash"],
        expires_at=world.expiry(request.project, request.expires_at, request.at),
    )
    world.mint(made, request.cause)
    return {**shapes.project_token(made), "token": made.secret}


def get_project_token(world: World, request: Request, answer: Answer) -> Any:
    """The project token, without its secret."""
    return _project_token(_named(world, request, "project"), answer.body["hash"])


def delete_project_token(world: World, request: Request, answer: Answer) -> Any:
    """A bare true."""
    token = _named(world, request, "project")
    world.finish(token, "revoked", request.cause)
    return True


def _share(world: World, request: Request) -> Token:
    token = world.share(request.project)
    assert token is not None
    return token


def _end_shares(world: World, request: Request, reason: str) -> None:
    for link in world.listed(request.project, "share", request.at):
        world.finish(link, reason, request.cause)


def _named(world: World, request: Request, kind: str) -> Token:
    token = world.found(request.project, kind, request.reference, request.at)
    assert token is not None
    return token


def _api_token(token: Token, request: Request) -> Any:
    may_mint = "api-tokens:write" in ROLES[request.caller.grade]
    secret = token.secret if may_mint else token.masked
    return shapes.api_token(token, secret)


def _project_token(token: Token, told: str) -> Any:
    """As it is listed. The hash of a successor is told here first."""
    token.fingerprint = token.fingerprint or told
    return shapes.project_token(token)
