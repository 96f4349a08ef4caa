"""Tokens of every kind: list, change, rotate, suspend and revoke them, and the presented one."""

import ipaddress
import json
import re
from typing import Any

import connexion

from handlers import Answer, Json
from handlers.wire.cursors import camel, link_to_next, place
from handlers.wire.cursors import cursor as cursor_of
from handlers.wire.refusals import ValidationFailed
from handlers.wire.shapes import managed, presented
from handlers.wire.times import milliseconds
from models import listing, management, rotation
from models.caller import Caller
from models.listing import Filter, Listed, Place
from models.minting import Minted
from models.project import find_project
from models.rotation import Terms
from models.token import read_token
from models.verification import Bearer

TIMES = {
    "expiresBefore": "expires_before",
    "expiresAfter": "expires_after",
    "lastUsedBefore": "last_used_before",
    "lastUsedAfter": "last_used_after",
}
COLUMNS = {
    "name": "name",
    "description": "description",
    "idleSeconds": "idle_seconds",
    "rateLimit": "rate_limit",
    "remainingUses": "uses_left",
}
INSTANTS = {"notBefore": "not_before", "expiresAt": "expires_at"}
ANY, ENTITY_TAG = "*", re.compile(r'(W/)?"([!#-~]*)"')
METADATA_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
DOCUMENTS = {"metadata": "metadata", "brokers": "brokers"}


def list_tokens(
    project_id: str, limit: int, order: str, caller: Caller, cursor: str = "", **asked: str
) -> Answer:
    """A page of the tokens of a project that match, in an order."""
    find_project(project_id)
    after = _after(cursor, order) if cursor else None
    found = listing.list_page(project_id, _filter(asked), order=order, after=after, limit=limit + 1)
    page: Json = {"tokens": [managed(listed) for listed in found[:limit]]}
    if len(found) <= limit:
        return page, 200
    last = listing.place_of(found[limit - 1].token, order)
    page["nextCursor"] = cursor_of(order, *last)
    query = {"limit": limit, "order": order, **camel(asked), "cursor": page["nextCursor"]}
    return page, 200, link_to_next(connexion.request.scope["path"], **query)


def get_token(project_id: str, token_id: str) -> Answer:
    """A token in whatever state."""
    return _versioned(listing.show(project_id, token_id))


def update_token(project_id: str, token_id: str, body: Json, caller: Caller) -> Answer:
    """Change what is named, remove what is null, unless somebody else was quicker."""
    seen = _versions(connexion.request.headers.get("If-Match", ANY))
    changed = management.change(
        project_id, token_id, _changes(body), by=caller, unless_changed=seen
    )
    return _versioned(changed)


def rotate_token(project_id: str, token_id: str, body: Json, caller: Caller) -> Answer:
    """Mint the successor of a token."""
    token = listing.show(project_id, token_id).token
    minted = rotation.rotate(token, _terms(body), by=caller)
    location = f"/v1/projects/{project_id}/tokens/{minted.token.id}"
    return _minted(minted), 201, {"Location": location}


def suspend_token(project_id: str, token_id: str, caller: Caller) -> Answer:
    """Make a token good for nothing until it is resumed."""
    return _versioned(management.suspend(project_id, token_id, by=caller))


def resume_token(project_id: str, token_id: str, caller: Caller) -> Answer:
    """Make a suspended token good again."""
    return _versioned(management.resume(project_id, token_id, by=caller))


def revoke_token_by_id(project_id: str, token_id: str, body: Json, caller: Caller) -> Answer:
    """Revoke a token for good."""
    dead = management.revoke(project_id, token_id, body.get("reason"), by=caller)
    return _versioned(dead)


def revoke_tokens(project_id: str, body: Json, caller: Caller) -> Answer:
    """Count the tokens that match, or revoke them where the count is confirmed."""
    find_project(project_id)
    asked = dict(body)
    confirmed, reason = asked.pop("confirmedCount", None), asked.pop("reason", None)
    count = management.revoke_matching(project_id, _filter(asked), confirmed, reason, by=caller)
    return {"matched": count, "revoked": 0 if confirmed is None else count}, 200


def get_self(caller: Bearer) -> Answer:
    """What the presented token is."""
    return presented(caller.token), 200


def rotate_self(body: Json, caller: Caller) -> Answer:
    """Mint the successor of the presented token."""
    return _minted(rotation.rotate(read_token(caller.token_id), _terms(body), by=caller)), 201


def revoke_self(body: Json, caller: Caller) -> Answer:
    """Revoke the presented token for good."""
    dead = management.revoke(caller.project, caller.token_id, body.get("reason"), by=caller)
    return managed(dead), 200


def _versioned(listed: Listed) -> Answer:
    return managed(listed), 200, {"ETag": f'"{management.version(listed.token)}"'}


def _versions(if_match: str) -> frozenset[str] | None:
    """The versions of which the token must have one, or None for any; weak ones match nothing."""
    if if_match.strip() == ANY:
        return None
    return frozenset(tag for weak, tag in ENTITY_TAG.findall(if_match) if not weak)


def _minted(minted: Minted) -> Json:
    return {
        "token": managed(listing.show(minted.token.project_id, minted.token.id)),
        "secret": minted.secret,
    }


def _terms(body: Json) -> Terms:
    return Terms(body["graceSeconds"], body["endOnFirstUse"], milliseconds(body.get("expiresAt")))


def _after(cursor: str, order: str) -> Place:
    value = str if order.startswith("name") else int
    ordered, at, token = place(cursor, (str, value, str))
    if ordered != order:
        raise ValidationFailed("The cursor is of another order.", path="/query/cursor")
    return Place(at, token)


def _filter(asked: Json) -> Filter:
    named = camel(asked)
    named["minter"] = named.pop("mintedBy", None)
    for name, column in TIMES.items():
        named[column] = milliseconds(named.pop(name, None))
    return Filter(**named)


def _changes(body: Json) -> dict[str, Any]:
    """The columns that a request changes."""
    changes = {COLUMNS[name]: body[name] for name in COLUMNS if name in body}
    _check(body)
    changes |= {INSTANTS[name]: milliseconds(body[name]) for name in INSTANTS if name in body}
    for name, column in DOCUMENTS.items():
        if name in body:
            changes[column] = json.dumps(body[name]) if body[name] else None
    if "allowedIps" in body:
        changes["allowed_ips"] = _networks(body["allowedIps"])
    return changes


def _check(body: Json) -> None:
    """Refuse what the contract has no words for."""
    if (milliseconds(body.get("notBefore")) or 0) < 0:
        raise ValidationFailed("Not before 1970.", path="/body/notBefore")
    if not all(METADATA_NAME.fullmatch(name) for name in body.get("metadata") or {}):
        raise ValidationFailed(
            "A name has 1 to 100 characters, none of control.", path="/body/metadata"
        )


def _networks(sent: list[str] | None) -> str | None:
    try:
        networks = [str(ipaddress.ip_network(text, strict=False)) for text in sent or []]
    except ValueError:
        raise ValidationFailed(
            "Each must be a network like 192.0.2.0/24 or 2001:db8::/32.", path="/body/allowedIps"
        ) from None
    return json.dumps(networks) if networks else None
