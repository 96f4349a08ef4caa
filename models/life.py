"""The life of a token: minted, replaced, revoked. Every change leaves exactly one event."""

from contextlib import suppress
from typing import Any

from models.caller import Caller
from models.database import LAST_USED, RESEAL, writing
from models.documented import documented_share
from models.ending import end, end_all
from models.event import Event
from models.failures import Forbidden, PublicShareTokenNotFound, RoleNotHeld, TokenNotFound
from models.minting import Draft, Minted, add, require_allowed
from models.project import ALL_PROJECTS, DELETED, Project, bury, find_project, lock_name
from models.token import LISTED, Token, find_by_secret, find_token, living_shares

ROOT_TOKENS = "root-tokens"


def mint(project: str, draft: Draft, *, by: Caller) -> Minted:
    """Mint a token for a project.

    Raises ProjectNotFound, RoleNotHeld, EnvironmentNotAllowed, ExpiryOutOfRange, TokenNameTaken,
    TokenLimitReached.
    """
    require_allowed(draft, by)
    with writing(lock_name(project)):
        return add(project, draft, by)


def replace_share(project: str, *, by: Caller) -> Minted:
    """Mint the share token of a project; those before it die at once, in their grace, too."""
    with writing(lock_name(project)):
        for before in living_shares(project):
            end(before, "replaced", by)
        return add(project, Draft("share", "public-share"), by)


def revoke_share(project: str, *, by: Caller) -> None:
    """Revoke the share token of a project, and those in their grace.

    Raises PublicShareTokenNotFound.
    """
    with writing(lock_name(project)):
        find_project(project)
        if documented_share(project) is None:
            raise PublicShareTokenNotFound
        for token in living_shares(project):
            end(token, "revoked", by)


def revoke(project: str | None, kind: str, token_id: str, *, by: Caller) -> None:
    """Revoke a token for good; raises TokenNotFound, RoleNotHeld."""
    with writing(lock_name(project) if project else ROOT_TOKENS):
        token = find_token(project, kind, token_id)
        if not by.holds(token.role):
            raise RoleNotHeld
        end(token, "revoked", by)


def revoke_presented(secret: str, *, by: Caller, others: str) -> None:
    """Revoke the token of that secret, if the caller may see it and it is not dead (RFC 7009).

    Any token may end itself; another takes the permission `others`. Raises Forbidden, RoleNotHeld.
    """
    token = find_by_secret(secret)
    if token is None or not by.reaches(token.project_id):
        return
    if token.id != by.token_id:
        if not by.may(others):
            raise Forbidden
        if not by.holds(token.role):
            raise RoleNotHeld
    lock = lock_name(token.project_id) if token.project_id else ROOT_TOKENS
    with suppress(TokenNotFound), writing(lock):
        end(token, "revoked", by)


def delete_project(project: str, *, by: Caller) -> int:
    """Delete a project and revoke all its tokens; says how many; raises ProjectNotFound."""
    # The flush of last-used times and a reseal lock the same rows in another order.
    with writing(ALL_PROJECTS, lock_name(project), LAST_USED, RESEAL):
        owner = find_project(project)
        rows: Any = Token.select(Token.id).where(Token.project == project, LISTED).tuples()
        dying = [row[0] for row in rows]
        end_all(dying, project, by)
        Event.record(DELETED, by=by, project=project)
        Token.update(project=bury(owner)).where(Token.project == project).execute()
        Project.delete().where(Project.id == project).execute()
    return len(dying)
