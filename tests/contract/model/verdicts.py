"""May this caller do this here, now? The answer of the contract, in the names of `x-faults`.

Where several things are wrong in the last step, each of their faults is a right answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contract.model.moments import Window
from tests.contract.model.tables import OK, ROLES, SHARE_TOKEN, Operation, grants
from tests.contract.model.world import Token, World

NAMES = {"api": "tokenName", "project": "name"}


@dataclass
class Request:
    """One call: `token` is whose secret was sent, if it was anybody's."""

    operation: Operation
    credential: str | None
    token: Token | None
    project: str = ""
    reference: str = ""
    body: dict[str, Any] | None = None
    expires_at: int | None = None
    query: dict[str, Any] = field(default_factory=dict)

    @property
    def caller(self) -> Token:
        """Who called; only where the call was let in."""
        assert self.token is not None
        return self.token


def possible(world: World, request: Request, window: Window) -> set[str]:
    """Every verdict that is right for a request that was served within the window.

    A server reads the clock when it looks at the caller, and again when it acts.
    """
    turns = window.turns([request.expires_at, *(token.expires_at for token in world.tokens)])
    return {
        verdict
        for number, seen in enumerate(turns)
        for acted in turns[number:]
        for verdict in verdicts(world, request, seen, acted)
    }


def verdicts(world: World, request: Request, seen: int, acted: int) -> set[str]:
    """The verdicts where the caller was looked at, and the rest done, at those instants."""
    operation = request.operation
    if not operation.public:
        if request.token is None or not request.token.authenticates(seen):
            return {"unauthorized"}
        if not may(request.token, operation, request.project):
            return {operation.refused_as}
    return CHECKS.get(operation.id, _nothing)(world, request, acted) or {OK}


def may(caller: Token, operation: Operation, project: str) -> bool:
    """Whether the role of a caller lets it do that, and whether the project is its own."""
    at_home = not project or caller.project in (None, project)
    return operation.permission in ROLES[caller.grade] and at_home


def _nothing(world: World, request: Request, at: int) -> set[str]:
    return set()


def _project(world: World, request: Request, at: int) -> set[str]:
    return set() if request.project in world.projects else {"project_not_found"}


def _new_project(world: World, request: Request, at: int) -> set[str]:
    assert request.body is not None
    return {"project_exists"} if request.body["id"] in world.projects else set()


def _share(world: World, request: Request, at: int) -> set[str]:
    missing = _project(world, request, at)
    if missing or world.share(request.project):
        return missing
    return {"public_share_token_not_found"}


def _link(world: World, request: Request, at: int) -> set[str]:
    if not SHARE_TOKEN.search(request.reference):
        return {"validation_failed"}
    for token in world.tokens:
        if token.kind == "share" and token.secret == request.reference and token.authenticates(at):
            return set()
    return {"public_share_token_not_found"}


def _item(kind: str) -> Callable[[World, Request, int], set[str]]:
    def check(world: World, request: Request, at: int) -> set[str]:
        missing = _project(world, request, at)
        if missing or world.found(request.project, kind, request.reference):
            return missing
        return {"token_not_found"}

    return check


def _end_of_project_token(world: World, request: Request, at: int) -> set[str]:
    missing = _item("project")(world, request, at)
    token = world.found(request.project, "project", request.reference)
    if missing or token is None:
        return missing
    return set() if grants(request.caller.grade, token.role) else {"role_not_held"}


def _mint(kind: str) -> Callable[[World, Request, int], set[str]]:
    def check(world: World, request: Request, at: int) -> set[str]:
        assert request.body is not None
        name, role = request.body[NAMES[kind]], request.body.get("role")
        wrong = _project(world, request, at)
        if request.expires_at is not None and at >= request.expires_at:
            wrong.add("expiry_out_of_range")
        if not grants(request.caller.grade, role):
            wrong.add("role_not_held")
        rivals = world.listed(request.project, kind)
        if any(rival.name == name and rival.keeps_its_name(at) for rival in rivals):
            wrong.add("token_name_taken")
        return wrong

    return check


CHECKS: dict[str, Callable[[World, Request, int], set[str]]] = {
    "createProject": _new_project,
    "getProject": _project,
    "updateProject": _project,
    "deleteProject": _project,
    "getPublicShareToken": _share,
    "createPublicShareToken": _project,
    "deletePublicShareToken": _share,
    "getPublicShare": _link,
    "listProjectApiTokens": _project,
    "createProjectApiToken": _mint("api"),
    "getProjectApiToken": _item("api"),
    "deleteProjectApiToken": _item("api"),
    "listProjectTokens": _project,
    "createProjectToken": _mint("project"),
    "getProjectToken": _item("project"),
    "deleteProjectToken": _end_of_project_token,
}
