"""Projects: make, list, rename, delete."""

from handlers import Answer, Json
from handlers.wire.cursors import cursor as cursor_of
from handlers.wire.cursors import link_to_next, place
from handlers.wire.times import timestamp
from models import life, project
from models.caller import Caller
from models.project import ProjectRecord


def list_projects(limit: int, caller: Caller, cursor: str = "") -> Answer:
    """A page of the projects that the caller may see; `Link` leads to the next (RFC 8288)."""
    (after,) = place(cursor, (str,)) if cursor else ("",)
    found = project.list_projects(caller, after=after, limit=limit + 1)
    page: Json = {"projects": [_shape(record) for record in found[:limit]]}
    if len(found) <= limit:
        return page, 200
    page["nextCursor"] = cursor_of(found[limit - 1].id)
    return page, 200, link_to_next("/v1/projects", limit=limit, cursor=page["nextCursor"])


def create_project(body: Json, caller: Caller) -> Answer:
    """Make a project."""
    record = project.create_project(body["id"], body.get("name"), by=caller)
    return _shape(record), 201, {"Location": f"/v1/projects/{record.id}"}


def get_project(project_id: str) -> Answer:
    """A project by its id."""
    return _shape(project.find_project(project_id)), 200


def update_project(project_id: str, body: Json, caller: Caller) -> Answer:
    """Change the name of a project, or the longest lifetime of its new tokens."""
    columns = {"name": "name", "maxTokenLifetimeSeconds": "max_lifetime_seconds"}
    changes = {columns[name]: value for name, value in body.items()}
    return _shape(project.update_project(project_id, changes, by=caller)), 200


def delete_project(project_id: str, caller: Caller) -> Answer:
    """Delete a project and revoke all its tokens."""
    life.delete_project(project_id, by=caller)
    return None, 204


def _shape(record: ProjectRecord) -> Json:
    shape: Json = {
        "id": record.id,
        "name": record.name,
        "createdAt": timestamp(record.created_at),
    }
    if record.max_lifetime_seconds is not None:
        shape["maxTokenLifetimeSeconds"] = record.max_lifetime_seconds
    return shape
