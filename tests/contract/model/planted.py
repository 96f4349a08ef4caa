"""Faults for the model to find: each function plants one into the process that calls it."""

import functools

from models import life, token, verification
from models.caller import Caller
from models.event import Event
from models.project import Project
from models.token import Token, TokenRecord


def viewers_see_secrets():
    TokenRecord.masked = TokenRecord.secret


def a_worker_remembers_dead_tokens():
    verification.find_by_secret = functools.lru_cache(verification.find_by_secret)


def replacements_leave_no_event():
    record = Event.record

    def forgetful(action, **details):
        if action != "token.replaced":
            record(action, **details)

    Event.record = forgetful


def revoked_tokens_live_on():
    end = life.end

    def feign(dying, reason, by):
        if reason == "replaced":
            end(dying, reason, by)
        else:
            Event.record("token.revoked", by=by, project=dying.project_id, token=dying.id)

    life.end = feign


def expired_tokens_authenticate():
    TokenRecord.is_live = lambda self, now: self.ended_at is None


def expired_tokens_keep_their_names():
    life._free_names = lambda namesakes, now: None


def projects_are_open_to_each_other():
    Caller.reaches = lambda self, project: True


def lists_mix_projects():
    everything = Token.select(*token._COLUMNS).order_by(Token.id)
    token._OF_PROJECT = lambda project, kind: list(
        everything.where(Token.kind == kind, token.LISTED).tuples()
    )


def editors_end_admins():
    Caller.holds = lambda self, role: True


def deleted_projects_leave_their_tokens():
    def delete(project, *, by):
        with life.writing(life.lock_name(project)):
            life.find_project(project)
            Project.update(deleted_at=1).where(Project.id == project).execute()
            Event.record("project.deleted", by=by, project=project)

    life.delete_project = delete


FAULTS = (
    viewers_see_secrets,
    a_worker_remembers_dead_tokens,
    replacements_leave_no_event,
    revoked_tokens_live_on,
    expired_tokens_authenticate,
    expired_tokens_keep_their_names,
    projects_are_open_to_each_other,
    lists_mix_projects,
    editors_end_admins,
    deleted_projects_leave_their_tokens,
)
