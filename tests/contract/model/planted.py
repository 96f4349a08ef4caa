"""Faults for the model to find: each function plants one into the process that calls it."""

import functools

from handlers import api_tokens, oauth
from models import documented, life, limits, management, minting, rotation, token, verification
from models.caller import Caller
from models.event import Event
from models.project import Project
from models.recent import recent
from models.token import Token, TokenRecord
from models.verification import VALID, Verdict


def viewers_see_secrets():
    api_tokens.masked_secrets_of = documented.secrets_of


def a_worker_remembers_dead_tokens():
    recent.find = functools.lru_cache(recent.find)


def replacements_leave_no_event():
    record = Event.record

    def forgetful(action, **details):
        if action != "token.replaced":
            record(action, **details)

    Event.record = forgetful


def revoked_tokens_live_on():
    def feign(dying, reason, by, note=None):
        Event.record(f"token.{reason}", by=by, project=dying.project_id, token=dying.id)

    management.end = feign


def expired_tokens_authenticate():
    TokenRecord.is_live = lambda self, now: self.ended_at is None


def expired_tokens_keep_their_names():
    minting.free_names = lambda project, kind, name: None


def projects_are_open_to_each_other():
    Caller.reaches = lambda self, project: True


def lists_mix_projects():
    columns = (getattr(Token, name) for name in documented.ApiToken._fields)
    everything = Token.select(*columns).where(Token.kind == "api", token.LISTED)
    documented._API_TOKENS = lambda project, now: list(everything.order_by(Token.id).tuples())


def editors_end_admins():
    Caller.holds = lambda self, role: True


def deleted_projects_leave_their_tokens():
    def delete(project, *, by):
        with life.writing(life.lock_name(project)):
            life.find_project(project)
            Project.update(deleted_at=1).where(Project.id == project).execute()
            Event.record("project.deleted", by=by, project=project)

    life.delete_project = delete


def grace_never_ends():
    TokenRecord.is_live = lambda self, now: (
        self.ended_at is None and (self.expires_at is None or now < self.expires_at)
    )


def first_use_ends_nothing():
    limits._end_replaced = lambda token, now: None


def suspension_is_ignored_by_introspection():
    verify = oauth.verify

    def lenient(secret, needs, *, by):
        verdict = verify(secret, needs, by=by)
        return Verdict(VALID, verdict.token) if verdict.reason == "suspended" else verdict

    oauth.verify = lenient


def resuming_revives_the_revoked():
    resume = management.resume

    def revive(project, token_id, *, by):
        Token.update(ended_at=None, end_reason=None).where(Token.id == token_id).execute()
        return resume(project, token_id, by=by)

    management.resume = revive


def a_rate_grants_one_use_too_many():
    admitted = limits.admitted

    def generous(limit, window, now):
        amount, unit = limit.split("/")
        return admitted(f"{int(amount) + 1}/{unit}", window, now)

    limits.admitted = generous


def rotation_gives_uses_back():
    rotation.CARRIED = tuple(name for name in rotation.CARRIED if name != "uses_left")


def nobody_is_idle():
    verification.STATES["idle"] = lambda token, needs, now: False


def a_life_lasts_a_millisecond_longer():
    TokenRecord.is_live = lambda self, now: (
        self.ended_at is None
        and all(end is None or now <= end for end in (self.expires_at, self.retires_at))
    )


# The short form tries the first.
FAULTS = (
    grace_never_ends,
    suspension_is_ignored_by_introspection,
    a_worker_remembers_dead_tokens,
    viewers_see_secrets,
    replacements_leave_no_event,
    revoked_tokens_live_on,
    expired_tokens_authenticate,
    expired_tokens_keep_their_names,
    projects_are_open_to_each_other,
    lists_mix_projects,
    editors_end_admins,
    deleted_projects_leave_their_tokens,
    first_use_ends_nothing,
    resuming_revives_the_revoked,
    a_rate_grants_one_use_too_many,
    rotation_gives_uses_back,
    nobody_is_idle,
    a_life_lasts_a_millisecond_longer,
)
