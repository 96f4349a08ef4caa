"""Projects: make, list, rename, delete."""

import base64
import binascii

from handlers import Answer, Json
from handlers.wire.refusals import ValidationFailed
from handlers.wire.schemas import named
from handlers.wire.times import timestamp
from models import life, project
from models.caller import Caller
from models.project import ProjectRecord


def list_projects(limit: int, caller: Caller, cursor: str = "") -> Answer:
    """A page of the projects that the caller may see; `Link` leads to the next (RFC 8288)."""
    found = project.list_projects(caller, after=_after(cursor), limit=limit + 1)
    page: Json = {"projects": [_shape(record) for record in found[:limit]]}
    if len(found) <= limit:
        return page, 200
    page["nextCursor"] = _cursor(found[limit - 1])
    link = f'</v1/projects?limit={limit}&cursor={page["nextCursor"]}>; rel="next"'
    return page, 200, {"Link": link}


def create_project(body: Json, caller: Caller) -> Answer:
    """Make a project."""
    record = project.create_project(body["id"], body.get("name"), by=caller)
    return _shape(record), 201, {"Location": f"/v1/projects/{record.id}"}


def get_project(project_id: str) -> Answer:
    """A project by its id."""
    return _shape(project.find_project(project_id)), 200


def update_project(project_id: str, body: Json, caller: Caller) -> Answer:
    """Rename a project."""
    return _shape(project.rename_project(project_id, body["name"], by=caller)), 200


def delete_project(project_id: str, caller: Caller) -> Answer:
    """Delete a project and revoke all its tokens."""
    life.delete_project(project_id, by=caller)
    return None, 204


def _shape(record: ProjectRecord) -> Json:
    return {"id": record.id, "name": record.name, "createdAt": timestamp(record.created_at)}


def _cursor(record: ProjectRecord) -> str:
    return base64.urlsafe_b64encode(record.id.encode()).decode().rstrip("=")


def _after(cursor: str) -> str:
    if not cursor:
        return ""
    try:
        last = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        named("AnyProjectId").check(last, "/query/cursor", "cursor")
    except (binascii.Error, ValueError, ValidationFailed):
        raise ValidationFailed("The cursor is not one of ours.", path="/query/cursor") from None
    return last
