"""Projects: the owners of tokens."""

import time
from typing import Any, NamedTuple

from peewee import BigIntegerField, TextField, fn

from models.caller import Caller
from models.database import Row, writing
from models.event import Event
from models.failures import ProjectExists, ProjectLimitReached, ProjectNotFound
from models.prepared import Prepared
from models.secrets import first_row_id, new_row_id
from models.store import store

ALL_PROJECTS = "projects"
# Behind the id in the row of a deleted project; no id of a project may have it.
GRAVE = "@"
DELETED = "project.deleted"
LAG_MILLISECONDS = 60_000


class Project(Row):
    """A deleted project keeps a row, for its dead tokens point at it, but not its id."""

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
    with writing(ALL_PROJECTS):
        if _BY_ID(project):
            raise ProjectExists
        if _count() >= store.policy.max_projects:
            raise ProjectLimitReached
        _wait_until_after(_last_event_at(project))
        record = ProjectRecord(project, name or default_name(project), time.time_ns() // 1_000_000)
        _insert(record)
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
    query = Project.select(*PROJECT_COLUMNS)
    query = query.where(Project.deleted_at.is_null(), Project.id > after)
    if by.project is not None:
        query = query.where(Project.id == by.project)
    rows: Any = query.order_by(Project.id).limit(limit).tuples()
    return [ProjectRecord(*row) for row in rows]


def bury(owner: ProjectRecord) -> str:
    """Give a project that ends a row of another id in the transaction at hand, and answer that.

    So the id is free for another project, which has nothing to do with this one.
    """
    grave = f"{owner.id}{GRAVE}{new_row_id()}"
    ended_at = time.time_ns() // 1_000_000
    Project.insert(**{**owner._asdict(), "id": grave, "deleted_at": ended_at}).execute()
    return grave


def public_id(row: str | None) -> str | None:
    """The id by which the world knows the project of a row, also of one that was deleted."""
    return row and row.partition(GRAVE)[0]


def predecessor_ended_at(project: ProjectRecord) -> int | None:
    """When the last project of that id was deleted, in milliseconds since 1970.

    The clock of another server may be behind, so that it is looked for a little later, too.
    """
    ends = Event.select(Event.at).where(
        Event.project_id == project.id,
        Event.action == DELETED,
        Event.id < first_row_id(project.created_at + LAG_MILLISECONDS),
    )
    ended: int | None = ends.order_by(Event.id.desc()).limit(1).scalar()
    return ended


def _last_event_at(project: str) -> int | None:
    """When something happened last under that id, in milliseconds since 1970."""
    events = Event.select(Event.at).where(Event.project_id == project)
    last: int | None = events.order_by(Event.id.desc()).limit(1).scalar()
    return last


def _insert(record: ProjectRecord) -> None:
    # Until graves were dug a deleted project kept its id, which may still be there.
    row = {**record._asdict(), "deleted_at": None}
    Project.insert(**row).on_conflict(conflict_target=[Project.id], update=row).execute()


def _wait_until_after(instant: int | None) -> None:
    """Let no event of a new project bear an instant of the one before it."""
    if instant is not None:
        time.sleep(min(max(instant + 1 - time.time_ns() // 1_000_000, 0), 1_000) / 1_000)


def default_name(project: str) -> str:
    """A name for a project that was given none: its id, drawn out to a name's length."""
    return project[:60] if len(project) > 2 else f"Project {project}"


def _count() -> int:
    count: int = Project.select(fn.COUNT(Project.id)).where(Project.deleted_at.is_null()).scalar()
    return count


def is_live(project: Any) -> Any:
    """What holds for the row of the live project of that id."""
    return (Project.id == project) & Project.deleted_at.is_null()


PROJECT_COLUMNS = [getattr(Project, name) for name in ProjectRecord._fields]
_BY_ID = Prepared(1, lambda project: Project.select(*PROJECT_COLUMNS).where(is_live(project)))
