"""Project API tokens, as Unleash documents them."""

from collections.abc import Sequence

from connexion.datastructures import NoContent

from handlers import Answer, Json
from handlers.wire.times import milliseconds, optional_timestamp, timestamp
from models import life
from models.caller import Caller
from models.documented import ApiToken, documented_api_tokens, masked_secrets_of, secrets_of
from models.minting import Draft
from models.project import find_project
from models.token import TokenRecord, find_by_secret, find_token

MAY_MINT = "api-tokens:write"


def list_project_api_tokens(project_id: str, caller: Caller) -> Answer:
    """The API tokens of a project, oldest first."""
    find_project(project_id)
    return {"tokens": _seen_by(caller, project_id, documented_api_tokens(project_id))}, 200


def create_project_api_token(project_id: str, body: Json, caller: Caller) -> Answer:
    """Mint a token for SDKs and answer with its secret."""
    minted = life.mint(project_id, _draft(body), by=caller)
    path = f"/api/admin/projects/{project_id}/api-tokens/{minted.token.id}"
    return _shape(project_id, minted.token, minted.secret), 201, {"Location": path}


def get_project_api_token(project_id: str, token: str, caller: Caller) -> Answer:
    """An API token by its id or its secret."""
    (shape,) = _seen_by(caller, project_id, [_find(project_id, token)])
    return shape, 200


def delete_project_api_token(project_id: str, token: str, caller: Caller) -> Answer:
    """Revoke an API token by its id or its secret."""
    life.revoke(project_id, "api", _find(project_id, token).id, by=caller)
    return NoContent, 200


def _find(project_id: str, reference: str) -> TokenRecord:
    find_project(project_id)
    known = find_by_secret(reference) if ":" in reference else None
    return find_token(project_id, "api", known.id if known else reference)


def _draft(body: Json) -> Draft:
    return Draft(
        "api",
        body["tokenName"],
        type=body["type"].lower(),
        environment=body["environment"],
        expires_at=milliseconds(body.get("expiresAt")),
    )


def _seen_by(
    caller: Caller, project_id: str, tokens: Sequence[TokenRecord | ApiToken]
) -> list[Json]:
    secrets = secrets_of(tokens) if caller.may(MAY_MINT) else masked_secrets_of(tokens)
    told = zip(tokens, secrets, strict=True)
    return [_shape(project_id, token, secret) for token, secret in told]


def _shape(project_id: str, token: TokenRecord | ApiToken, secret: str) -> Json:
    return {
        "secret": secret,
        "tokenName": token.name,
        "type": token.type,
        "project": project_id,
        "projects": [project_id],
        "environment": token.environment,
        "expiresAt": optional_timestamp(token.expires_at),
        "createdAt": timestamp(token.created_at),
        "alias": None,
        "seenAt": optional_timestamp(token.last_used_at),
        "secure": False,
    }
