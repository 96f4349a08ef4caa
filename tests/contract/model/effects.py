"""What each operation does to the world when it succeeds, and the body that it must answer.

There is a function for each operation, of its name in snake_case.
What only the server can know (ids, secrets, instants) is learned from the answer of a mint.
"""

from typing import Any

from tests.contract.model import shapes
from tests.contract.model.moments import instant
from tests.contract.model.tables import ROLES
from tests.contract.model.verdicts import Request
from tests.contract.model.wire import Answer
from tests.contract.model.world import Project, State, Token, World

SHARE_NAME = "public-share"


def list_projects(world: World, request: Request, answer: Answer) -> Any:
    """The page that begins after a project, in the order of ids."""
    caller, limit = request.caller, request.query["limit"]
    seen = [p for _, p in sorted(world.projects.items()) if caller.project in (None, p.id)]
    page = [p for p in seen if p.id > request.reference]
    told = {"projects": [shapes.project(p) for p in page[:limit]]}
    return told if len(page) <= limit else {**told, "nextCursor": answer.body["nextCursor"]}


def create_project(world: World, request: Request, answer: Answer) -> Any:
    """The new project."""
    sent, told = request.body or {}, answer.body
    made = Project(sent["id"], sent.get("name", sent["id"]), _new(told["createdAt"], answer))
    world.create(made, request.caller, answer.request_id)
    return shapes.project(made)


def get_project(world: World, request: Request, answer: Answer) -> Any:
    """The project."""
    return shapes.project(world.projects[request.project])


def update_project(world: World, request: Request, answer: Answer) -> Any:
    """The project with its new name."""
    name = (request.body or {})["name"]
    world.rename(request.project, name, request.caller, answer.request_id)
    return get_project(world, request, answer)


def delete_project(world: World, request: Request, answer: Answer) -> Any:
    """Nothing."""
    world.delete(request.project, request.caller, answer.request_id)


def get_public_share_token(world: World, request: Request, answer: Answer) -> Any:
    """The share token, secret and all, also for viewers: it is a link for the public."""
    return shapes.share(_share(world, request), answer.base)


def create_public_share_token(world: World, request: Request, answer: Answer) -> Any:
    """The new share token. Its id is learned when it is first presented."""
    before = world.share(request.project)
    if before:
        world.finish(before, State.REPLACED, request.caller, answer.request_id)
    made = Token(
        id="",
        kind="share",
        project=request.project,
        name=SHARE_NAME,
        secret=answer.body["token"],
        issuer=request.caller.id,
        created_at=_new(answer.body["createdAt"], answer),
    )
    world.mint(made, request.caller, answer.request_id)
    return shapes.share(made, answer.base)


def delete_public_share_token(world: World, request: Request, answer: Answer) -> Any:
    """Nothing."""
    world.finish(_share(world, request), State.REVOKED, request.caller, answer.request_id)


def get_public_share(world: World, request: Request, answer: Answer) -> Any:
    """What the link shows."""
    token = next(token for token in world.tokens if token.secret == request.reference)
    return shapes.link(token, world.projects[str(token.project)])


def get_self(world: World, request: Request, answer: Answer) -> Any:
    """What the caller is."""
    caller = request.caller
    caller.id = caller.id or answer.body["id"]
    return shapes.presented(caller)


def list_project_api_tokens(world: World, request: Request, answer: Answer) -> Any:
    """The API tokens of the project."""
    mine = world.listed(request.project, "api")
    return {"tokens": [_api_token(token, request, answer) for token in mine]}


def create_project_api_token(world: World, request: Request, answer: Answer) -> Any:
    """The new API token; `Location` names it."""
    sent, told = request.body or {}, answer.body
    made = Token(
        id=answer.headers["location"].rpartition("/")[2],
        kind="api",
        project=request.project,
        name=sent["tokenName"],
        secret=told["secret"],
        issuer=request.caller.id,
        created_at=_new(told["createdAt"], answer),
        type=sent["type"].lower(),
        environment=sent.get("environment", "default"),
        expires_at=request.expires_at,
    )
    assert made.secret.startswith(f"{made.project}:{made.environment}."), told
    world.mint(made, request.caller, answer.request_id)
    return _api_token(made, request, answer)


def get_project_api_token(world: World, request: Request, answer: Answer) -> Any:
    """The API token."""
    return _api_token(_named(world, request, "api"), request, answer)


def delete_project_api_token(world: World, request: Request, answer: Answer) -> Any:
    """Nothing."""
    token = _named(world, request, "api")
    world.finish(token, State.REVOKED, request.caller, answer.request_id)


def list_project_tokens(world: World, request: Request, answer: Answer) -> Any:
    """The project tokens of the project, without their secrets."""
    mine = world.listed(request.project, "project")
    return [shapes.project_token(token, answer.window.end) for token in mine]


def create_project_token(world: World, request: Request, answer: Answer) -> Any:
    """The new project token, and its secret this once."""
    sent, told = request.body or {}, answer.body
    made = Token(
        id=told["id"],
        kind="project",
        project=request.project,
        name=sent["name"],
        secret=told["token"],
        issuer=request.caller.id,
        created_at=_new(told["issue_date"], answer),
        role=sent.get("role", "viewer"),
        type=sent.get("type", "restricted"),
        brokers=tuple(sent.get("brokers", ())),
        fingerprint=told["hash"],
        expires_at=request.expires_at,
    )
    world.mint(made, request.caller, answer.request_id)
    return {**shapes.project_token(made, answer.window.end), "token": made.secret}


def get_project_token(world: World, request: Request, answer: Answer) -> Any:
    """The project token, without its secret."""
    return shapes.project_token(_named(world, request, "project"), answer.window.end)


def delete_project_token(world: World, request: Request, answer: Answer) -> Any:
    """A bare true."""
    token = _named(world, request, "project")
    world.finish(token, State.REVOKED, request.caller, answer.request_id)
    return True


def _share(world: World, request: Request) -> Token:
    token = world.share(request.project)
    assert token is not None
    return token


def _named(world: World, request: Request, kind: str) -> Token:
    token = world.found(request.project, kind, request.reference)
    assert token is not None
    return token


def _api_token(token: Token, request: Request, answer: Answer) -> Any:
    may_mint = "api-tokens:write" in ROLES[request.caller.grade]
    secret = token.secret if may_mint else token.masked
    return shapes.api_token(token, secret, answer.window.end)


def _new(told: str | int, answer: Answer) -> int:
    at = instant(told) if isinstance(told, str) else told
    assert answer.window.holds(at), f"made at {at}, in {answer.window}"
    return at
