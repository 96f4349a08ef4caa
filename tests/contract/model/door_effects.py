"""What the doors that judge a presented token answer, and what the question does to the token."""

from typing import Any

from tests.contract.model import shapes
from tests.contract.model.request import Request
from tests.contract.model.token import VALID, Json
from tests.contract.model.wire import Answer
from tests.contract.model.world import World

NOT_FOUND = "not_found"


def get_self(world: World, request: Request, answer: Answer) -> Any:
    """What the caller is. The id of a share link is told here first."""
    caller = request.caller
    caller.id = caller.id or answer.body["id"]
    return shapes.presented(caller)


def forward_auth(world: World, request: Request, answer: Answer) -> Any:
    """Nothing; headers tell who was let in."""
    right = shapes.let_in(request.caller)
    assert {name: answer.headers[name] for name in right} == right
    assert len([name for name in answer.headers if name.startswith("x-jeton-")]) == len(right)


def verify_token(world: World, request: Request, answer: Answer) -> Any:
    """The verdict on the token, and what it is, for who may see it."""
    return _verdict(world, request, request.body, answer.body["reason"])


def verify_tokens(world: World, request: Request, answer: Answer) -> Any:
    """The verdicts, in the order of the questions."""
    asked = zip(request.body["requests"], answer.body["verdicts"], strict=True)
    return {"verdicts": [_verdict(world, request, one, told["reason"]) for one, told in asked]}


def introspect_token(world: World, request: Request, answer: Answer) -> Any:
    """What the token is, or that it is not good."""
    asked = {"token": request.body["token"], "address": request.body.get("address")}
    reasons = _reasons(world, request, asked)
    is_active = answer.body["active"]
    assert is_active if reasons == {VALID} else not is_active or VALID in reasons, reasons
    token = world.holding(asked["token"])
    if token is None or NOT_FOUND in reasons:
        return {"active": False}
    world.present(token, VALID if is_active else min(reasons - {VALID}), request.at)
    return shapes.introspected(token, answer.base) if is_active else {"active": False}


def revoke_token(world: World, request: Request, answer: Answer) -> Any:
    """Nothing. What is dead or not the caller's to see stays as it is."""
    token, caller = world.holding(request.body["token"]), request.caller
    if token and not token.end and caller.project in (None, token.project):
        world.finish(token, "revoked", request.cause)


def _verdict(world: World, request: Request, asked: Json, told: str) -> Json:
    reasons = _reasons(world, request, asked)
    assert told in reasons, f"{told}, not {reasons}"
    token = world.holding(asked["token"])
    if token is None or told == NOT_FOUND:
        return {"valid": False, "reason": NOT_FOUND}
    world.present(token, told, request.at)
    return {"valid": told == VALID, "reason": told, "token": shapes.presented(token)}


def _reasons(world: World, request: Request, asked: Json) -> set[str]:
    token, caller = world.holding(asked["token"]), request.caller
    if token is None or caller.project not in (None, token.project):
        return {NOT_FOUND}
    reason, address = token.unmet(asked), asked.get("address")
    is_good = token.reason(request.at, address) == VALID
    return {reason} if is_good and reason != VALID else token.reasons(request.at, address)
