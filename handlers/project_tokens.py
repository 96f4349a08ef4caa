"""Project tokens, as Cedalo documents them."""

from handlers import Answer, Json
from handlers.wire.times import milliseconds
from models import life
from models.caller import Caller
from models.documented import ProjectToken, documented_project_tokens
from models.minting import Draft
from models.project import find_project
from models.token import TokenRecord, find_token


def list_project_tokens(project_id: str) -> Answer:
    """The project tokens of a project, oldest first, without their secrets."""
    find_project(project_id)
    tokens = documented_project_tokens(project_id)
    return [_shape(project_id, token) for token in tokens], 200


def create_project_token(project_id: str, body: Json, caller: Caller) -> Answer:
    """Mint a project token; its secret is in this answer alone."""
    minted = life.mint(project_id, _draft(body), by=caller)
    return {**_shape(project_id, minted.token), "token": minted.secret}, 200


def get_project_token(project_id: str, token_id: str) -> Answer:
    """A project token by its id."""
    find_project(project_id)
    return _shape(project_id, find_token(project_id, "project", token_id)), 200


def delete_project_token(project_id: str, token_id: str, caller: Caller) -> Answer:
    """Revoke a project token."""
    find_project(project_id)
    life.revoke(project_id, "project", token_id, by=caller)
    return True, 200


def _draft(body: Json) -> Draft:
    return Draft(
        "project",
        body["name"],
        type=body["type"],
        role=body["role"],
        brokers=body["brokers"],
        expires_at=milliseconds(body.get("valid_date")),
    )


def _shape(project_id: str, token: TokenRecord | ProjectToken) -> Json:
    shape = {
        "id": token.id,
        "project_id": project_id,
        "role_id": token.role,
        "issuer": token.issuer,
        "name": token.name,
        "hash": token.fingerprint,
        "issue_date": token.created_at,
        "valid_date": token.expires_at,
        "last_used_date": token.last_used_at,
        "brokers": token.broker_ids(),
        "type": token.type,
    }
    return {name: value for name, value in shape.items() if value is not None}
