"""What is wrong with a call that manages, rotates, ends or asks about a token of any kind."""

from tests.contract.model.dialect_refusals import Refusal, name_taken, no_project, out_of_range
from tests.contract.model.request import Request
from tests.contract.model.selection import to_revoke
from tests.contract.model.tables import ROLES, grants, operations
from tests.contract.model.token import VALID, Token
from tests.contract.model.world import LONGEST_GRACE_SECONDS, World

CONFLICT = "token_state_conflict"


def _no_token(world: World, request: Request) -> set[str]:
    found = world.managed(request.project, request.reference)
    return set() if found else {"token_not_found"}


def _not_in_reach(world: World, request: Request) -> set[str]:
    token = world.managed(request.project, request.reference)
    if token is None:
        return {"token_not_found"}
    held = token is request.caller or grants(request.caller.grade, token.role)
    return set() if held else {"role_not_held"}


def _no_change(world: World, request: Request) -> set[str]:
    wrong = _not_in_reach(world, request)
    token = world.managed(request.project, request.reference)
    if token is None or token.is_dead(request.at):
        return wrong | ({CONFLICT} if token else set())
    named, asked = "name" in request.body, request.body
    if (named and token.kind == "share") or ("brokers" in asked and token.kind != "project"):
        wrong.add(CONFLICT)
    if "expiresAt" in asked:
        wrong |= out_of_range(world, request, token.created_at)
    if "allowedIps" in asked and not request.caller.covers(asked["allowedIps"]):
        wrong.add("role_not_held")
    if named and not token.rotated_to:
        wrong |= name_taken(world, request, token.kind, asked["name"], token)
    return wrong


def _dead(world: World, request: Request) -> set[str]:
    token = world.managed(request.project, request.reference)
    is_dead = token is not None and token.is_dead(request.at)
    return _not_in_reach(world, request) | ({CONFLICT} if is_dead else set())


def _ended(world: World, request: Request) -> set[str]:
    token = world.managed(request.project, request.reference)
    return _not_in_reach(world, request) | ({CONFLICT} if token and token.end else set())


def _no_rotation(world: World, request: Request) -> set[str]:
    token = world.managed(request.project, request.reference)
    return _not_in_reach(world, request) | (
        _not_rotatable(world, request, token) if token else set()
    )


def _no_rotation_of_self(world: World, request: Request) -> set[str]:
    return _not_rotatable(world, request, request.caller)


def _not_rotatable(world: World, request: Request, token: Token) -> set[str]:
    wrong = set()
    if not request.caller.covers(token.settings.get("allowedIps")):
        wrong.add("role_not_held")
    if request.body.get("graceSeconds", 0) > LONGEST_GRACE_SECONDS:
        wrong.add("grace_out_of_range")
    if token is world.root or token.is_dead(request.at) or token.rotated_to:
        return wrong | {CONFLICT}
    asked, meant = request.expires_at, world.meant(token, request.at)
    if asked and meant and token is request.caller and asked > meant:
        wrong.add("expiry_out_of_range")
    if asked and not request.at < asked <= world.latest(str(token.project), request.at):
        wrong.add("expiry_out_of_range")
    return wrong


def _no_revocations(world: World, request: Request) -> set[str]:
    missing = no_project(world, request)
    if missing or "confirmedCount" not in request.body:
        return missing
    found = to_revoke(world, request.project, request.body, request.at)
    wrong = set()
    if request.body["confirmedCount"] != len(found):
        wrong.add("count_not_confirmed")
    if not all(grants(request.caller.grade, token.role) for token in found):
        wrong.add("role_not_held")
    return wrong


def _not_to_be_revoked(world: World, request: Request) -> set[str]:
    token, caller = world.holding(request.body["token"]), request.caller
    if token in (None, caller) or caller.project not in (None, token.project):
        return set()
    if operations()["revokeToken"].others not in ROLES[caller.grade]:
        return {"forbidden"}
    return set() if grants(caller.grade, token.role) else {"role_not_held"}


def _unmet(world: World, request: Request) -> set[str]:
    return set() if request.caller.unmet(request.query) == VALID else {"requirement_not_met"}


REFUSALS: dict[str, Refusal] = {
    "listTokens": no_project,
    "getToken": _no_token,
    "updateToken": _no_change,
    "suspendToken": _dead,
    "resumeToken": _dead,
    "revokeTokenById": _ended,
    "rotateToken": _no_rotation,
    "rotateSelf": _no_rotation_of_self,
    "revokeTokens": _no_revocations,
    "listProjectEvents": no_project,
    "revokeToken": _not_to_be_revoked,
    "forwardAuth": _unmet,
}
