"""The rules of the twins: when a token is good, what its role may do, what a gateway may want."""

import json

from tests.bench.contestants.sql import Token

PUBLIC = frozenset({"self:read"})
HOLDER = PUBLIC | {"self:revoke", "self:rotate"}
VIEWER = HOLDER | {
    *("tokens:read", "tokens:verify", "events:read", "projects:read", "shares:read"),
    *("api-tokens:read", "project-tokens:read"),
}
EDITOR = VIEWER | {"shares:write", "api-tokens:write", "project-tokens:write", "tokens:write"}
ADMIN = EDITOR | {"projects:write"}
ROOT = ADMIN | {"events:read-all", "projects:create", "projects:delete"}
ROLES = {
    "public": PUBLIC,
    "holder": HOLDER,
    "viewer": VIEWER,
    "editor": EDITOR,
    "admin": ADMIN,
    "root": ROOT,
}
ROLE_OF = {"api": "holder", "share": "public", "frontend": "public"}
SCOPES = {role: " ".join(sorted(permissions)) for role, permissions in ROLES.items()}


class Refused(Exception):
    """The answer is no, with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def is_good(token: Token, now: int) -> bool:
    """Whether it lives at that instant; those with limits of their own are not for the twins."""
    if token.limits is not None:
        raise NotImplementedError("The twins know no token with limits.")
    ends = token.expires_at, token.retires_at
    return (
        token.ended_at is None
        and all(end is None or now < end for end in ends)
        and token.suspended_at is None
        and (token.not_before is None or token.not_before <= now)
    )


def may(token: Token, permission: str, project: str | None, also: str = "") -> bool:
    """Refuse what the role may not or what is of another project; whether it may `also` that."""
    permissions = ROLES[role_of(token)]
    if permission not in permissions or (project and token.project_id not in (None, project)):
        raise Refused(403)
    return also in permissions


def scope(token: Token) -> str:
    """What its role may do, in one line."""
    return SCOPES[role_of(token)]


def role_of(token: Token) -> str:
    """Its role, or that of whoever holds a token of its type or kind."""
    return token.role or ROLE_OF.get(token.type or "") or ROLE_OF[token.kind]


def unmet(token: Token, needs: dict[str, str]) -> bool:
    """Whether it lacks something that a gateway wants; root lacks nothing."""
    if not needs or token.kind == "root":
        return False
    fixed = {"project": "project_id", "environment": "environment", "kind": "kind", "type": "type"}
    for name, wanted in needs.items():
        if name in fixed and getattr(token, fixed[name]) != wanted:
            return True
    return _lacks_broker(token, needs) or _lacks_role(token, needs)


def _lacks_broker(token: Token, needs: dict[str, str]) -> bool:
    wanted = needs.get("broker")
    if wanted is None or token.type == "unrestricted":
        return False
    return wanted not in json.loads(token.brokers or "[]")


def _lacks_role(token: Token, needs: dict[str, str]) -> bool:
    wanted = needs.get("role")
    return wanted is not None and not (token.role and ROLES[token.role] >= ROLES[wanted])
