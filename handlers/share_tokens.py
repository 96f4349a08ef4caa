"""Public share tokens: one link a project, as MicroVisualizer documents them."""

import connexion
import flask

from handlers import Answer, Json
from handlers.wire.times import timestamp
from models import life
from models.caller import Caller
from models.documented import ShareToken, documented_share
from models.failures import PublicShareTokenNotFound
from models.project import find_project
from models.token import TokenRecord
from models.verification import verify_share


def get_public_share_token(project_id: str) -> Answer:
    """The current share token and its public URL."""
    token = documented_share(project_id)
    if token is None:
        find_project(project_id)
        raise PublicShareTokenNotFound
    return _shape(token, token.secret()), 200


def create_public_share_token(project_id: str, caller: Caller) -> Answer:
    """Mint a share token; the one before it dies at once."""
    minted = life.replace_share(project_id, by=caller)
    return _shape(minted.token, minted.secret), 201


def delete_public_share_token(project_id: str, caller: Caller) -> Answer:
    """Revoke the share token for good."""
    life.revoke_share(project_id, by=caller)
    return None, 204


def get_public_share(share_token: str) -> Answer:
    """What a share link shows to everybody who holds it."""
    client = connexion.request.client
    token = verify_share(share_token, client and client.host)
    project = find_project(token.project_id or "")
    shown = {"projectId": project.id, "projectName": project.name}
    return {**shown, "createdAt": timestamp(token.created_at)}, 200


def _shape(token: TokenRecord | ShareToken, secret: str) -> Json:
    base = flask.current_app.config["PUBLIC_BASE"]
    return {
        "token": secret,
        "createdAt": timestamp(token.created_at),
        "url": f"{base}/v1/public-shares/{secret}",
    }
