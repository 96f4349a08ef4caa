"""What management, rotation and the list of events do and answer when they succeed."""

from dataclasses import replace
from typing import Any

from tests.contract.model import shapes
from tests.contract.model.moments import SECOND
from tests.contract.model.records import REUSED, Event
from tests.contract.model.request import Request
from tests.contract.model.selection import behind, in_order, page, selected, to_revoke
from tests.contract.model.token import Json, Token
from tests.contract.model.wire import Answer
from tests.contract.model.world import LONGEST_GRACE_SECONDS, World


def list_tokens(world: World, request: Request, answer: Answer) -> Any:
    """The page of tokens in every state that match."""
    picked = set(selected(world, request.project, request.query, request.at))
    rest = [token for token in behind(in_order(world, request), request) if token in picked]
    told = [shapes.managed(token, request.at) for token in rest]
    return page("tokens", told, request, answer.body)


def get_token(world: World, request: Request, answer: Answer) -> Any:
    """The token, in whatever state."""
    return shapes.managed(_named(world, request), request.at)


def update_token(world: World, request: Request, answer: Answer) -> Any:
    """The changed token."""
    world.change(_named(world, request), request.body, request.cause)
    return get_token(world, request, answer)


def suspend_token(world: World, request: Request, answer: Answer) -> Any:
    """The suspended token."""
    world.turn(_named(world, request), off=True, cause=request.cause)
    return get_token(world, request, answer)


def resume_token(world: World, request: Request, answer: Answer) -> Any:
    """The token, which is suspended no longer."""
    world.turn(_named(world, request), off=False, cause=request.cause)
    return get_token(world, request, answer)


def revoke_token_by_id(world: World, request: Request, answer: Answer) -> Any:
    """The dead token."""
    token = _named(world, request)
    world.finish(token, "revoked", request.cause, request.body.get("reason"))
    return get_token(world, request, answer)


def revoke_self(world: World, request: Request, answer: Answer) -> Any:
    """The caller, who is dead."""
    world.finish(request.caller, "revoked", request.cause, request.body.get("reason"))
    return shapes.managed(request.caller, request.at)


def revoke_tokens(world: World, request: Request, answer: Answer) -> Any:
    """How many match; they are dead if that number was confirmed."""
    found = to_revoke(world, request.project, request.body, request.at)
    if "confirmedCount" not in request.body:
        return {"matched": len(found), "revoked": 0}
    for token in found:
        world.finish(token, "revoked", request.cause, request.body.get("reason"))
    return {"matched": len(found), "revoked": len(found)}


def rotate_token(world: World, request: Request, answer: Answer) -> Any:
    """The successor of the token, and its secret."""
    return _rotated(world, _named(world, request), request, answer)


def rotate_self(world: World, request: Request, answer: Answer) -> Any:
    """The successor of the caller, and its secret."""
    return _rotated(world, request.caller, request, answer)


def list_project_events(world: World, request: Request, answer: Answer) -> Any:
    """The page of what happened in the project."""
    return _events(world.history(request.project), request, answer)


def list_events(world: World, request: Request, answer: Answer) -> Any:
    """The page of what happened on the server since the world began."""
    return _events(world.events, request, answer)


def _named(world: World, request: Request) -> Token:
    token = world.managed(request.project, request.reference)
    assert token is not None
    return token


def _rotated(world: World, old: Token, request: Request, answer: Answer) -> Json:
    told, asked, at = answer.body, request.body, request.at
    grace, at_first_use = asked.get("graceSeconds", 0), asked.get("endOnFirstUse", False)
    meant = request.expires_at or world.meant(old, at)
    new = replace(
        old,
        id=told["token"]["id"],
        secret=told["secret"],
        fingerprint="",
        created_at=at,
        expires_at=world.expiry(str(old.project), meant, at),
        settings=dict(old.settings),
        granted=list(old.granted),
        rotated_to=None,
        retires_at=None,
        replaces=old if at_first_use else None,
        used_at=None,
        written_at=None,
        shown=0,
    )
    lives_on = grace > 0 or at_first_use
    until = at + (grace or LONGEST_GRACE_SECONDS) * SECOND if lives_on else None
    world.rotate(old, new, until, request.cause)
    return {"token": shapes.managed(new, at), "secret": new.secret}


def _events(events: list[Event], request: Request, answer: Answer) -> Json:
    """The next of what matches, newest first; what has one instant comes in any order.

    Who comes back after a rotation is told some time later, and held against the model in the end.
    """
    told, asked = answer.body["events"], request.query
    wanted = [_asked(shapes.event(event, request.caller), asked) for event in reversed(events)]
    left = [event for event in wanted if event and event not in map(_bare, request.seen)]
    here = [_bare(event) for event in told if event["action"] != REUSED]
    assert all(event in left for event in here), (here, left)
    assert [event["at"] for event in here] == [event["at"] for event in left[: len(here)]]
    is_last = "nextCursor" not in answer.body
    assert len(here) == len(left) if is_last else len(told) == asked["limit"], (here, left)
    return answer.body  # type: ignore[no-any-return]


def _asked(event: Json, asked: Json) -> Json | None:
    same = {"action": event["action"], "tokenId": event.get("token"), "actor": event["actor"]}
    return event if all(asked.get(name, value) == value for name, value in same.items()) else None


def _bare(event: Json) -> Json:
    return {name: value for name, value in event.items() if name != "id"}
