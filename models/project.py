"""Projects: the owners of tokens."""

import time
from typing import Any, NamedTuple

from peewee import BigIntegerField, TextField, fn

from models.caller import Caller
from models.database import Row, writing
from models.event import Event
from models.failures import ProjectExists, ProjectLimitReached, ProjectNotFound
from models.prepared import Prepared
from models.store import store

ALL_PROJECTS = "projects"


class Project(Row):
    """A deleted project keeps its row, for its dead tokens and events point at it."""

    id = TextField(primary_key=True)
    name = TextField()
    created_at = BigIntegerField()
    deleted_at = BigIntegerField(null=True)
    max_lifetime_seconds = BigIntegerField(null=True)


class ProjectRecord(NamedTuple):
    """A live project as it was read; times in milliseconds since 1970."""

    id: str
    name: str
    created_at: int
    max_lifetime_seconds: int | None = None


def lock_name(project: str) -> str:
    """What to hold while the tokens of a project change."""
    return f"project:{project}"


def find_project(project: str) -> ProjectRecord:
    """The live project of that id; raises ProjectNotFound."""
    rows = _BY_ID(project)
    if not rows:
        raise ProjectNotFound
    return ProjectRecord(*rows[0])


def create_project(project: str, name: str | None, *, by: Caller) -> ProjectRecord:
    """Make a project, or make one anew under the id of a deleted one.

    Raises ProjectExists, ProjectLimitReached.
    """
    record = ProjectRecord(project, name or default_name(project), time.time_ns() // 1_000_000)
    with writing(ALL_PROJECTS):
        if _BY_ID(project):
            raise ProjectExists
        if _count() >= store.policy.max_projects:
            raise ProjectLimitReached
        row = {"name": record.name, "created_at": record.created_at, "deleted_at": None}
        row["max_lifetime_seconds"] = None
        Project.insert(id=project, **row).on_conflict(
            conflict_target=[Project.id], update=row
        ).execute()
        Event.record("project.created", by=by, project=project)
    return record


def update_project(project: str, changes: dict[str, Any], *, by: Caller) -> ProjectRecord:
    """Change the name or the longest lifetime of new tokens; raises ProjectNotFound."""
    with writing(lock_name(project)):
        record = find_project(project)._replace(**changes)
        if changes:
            Project.update(**changes).where(Project.id == project).execute()
            Event.record("project.updated", by=by, project=project)
    return record


def list_projects(by: Caller, *, after: str = "", limit: int) -> list[ProjectRecord]:
    """The projects that the caller may see, in the order of their ids, after an id."""
    query = Project.select(*_COLUMNS)
    query = query.where(Project.deleted_at.is_null(), Project.id > after)
    if by.project is not None:
        query = query.where(Project.id == by.project)
    rows: Any = query.order_by(Project.id).limit(limit).tuples()
    return [ProjectRecord(*row) for row in rows]


def default_name(project: str) -> str:
    """A name for a project that was given none: its id, drawn out to a name's length."""
    return project[:60] if len(project) > 2 else f"Project {project}"


def _count() -> int:
    count: int = Project.select(fn.COUNT(Project.id)).where(Project.deleted_at.is_null()).scalar()
    return count


_COLUMNS = [getattr(Project, name) for name in ProjectRecord._fields]
_BY_ID = Prepared(
    1,
    lambda project: Project.select(*_COLUMNS).where(
        Project.id == project, Project.deleted_at.is_null()
    ),
)
