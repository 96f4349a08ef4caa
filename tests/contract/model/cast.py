"""The cast of a run: an act with its numbers in; callers, projects, references, bodies out."""

import secrets
from collections.abc import Callable
from typing import Any

from tests.contract.model.acts import Act, Pick, Reference
from tests.contract.model.moments import rfc3339
from tests.contract.model.world import Token, World

UNKNOWN = "3f2b8c1e-9d4a-4e6f-8a7b-1c2d3e4f5a6b"


class Cast:
    """Points at whatever there is, modulo how much of it there is."""

    def __init__(self, world: World) -> None:
        self.world = world
        prefix = f"model-{secrets.token_hex(6)}"
        self.projects = [f"{prefix}-{letter}" for letter in "abc"]
        self.nowhere = f"{prefix}-never"

    def parts(self, act: Act, caller: Token | None, now: int) -> dict[str, Any]:
        """What a call needs beside its caller."""
        expires_at = None if act.ahead is None else now + act.ahead
        project = self.project(act.where, caller) if act.where else ""
        making = act.operation == "createProject"
        return {
            "credential": caller.secret if caller else self.credential(act.who),
            "project": "" if making else project,
            "reference": self.reference(act.which, project, act.kind) if act.which else act.after,
            "body": body(act, project if making else None, expires_at),
            "query": act.query,
            "expires_at": expires_at,
        }

    def caller(self, pick: Pick) -> Token | None:
        """Root, a member of a project, a holder of another token, anybody dead or alive, none."""
        kind, number = pick
        if kind == "stranger":
            return None
        found = [token for token in self.world.tokens if CALLERS[kind](token)]
        return found[number % len(found)] if found else self.world.root

    def credential(self, pick: Pick) -> str | None:
        """What a stranger presents: nothing, or what is no secret."""
        if not self.world.tokens:
            return None
        some = self.world.tokens[pick[1] % len(self.world.tokens)]
        return [None, UNKNOWN, some.id, some.fingerprint or some.masked][pick[1] % 4]

    def project(self, pick: Pick, caller: Token | None) -> str:
        """The project of the caller, or any, there or not."""
        place, number = pick
        if place == "home":
            return (caller and caller.project) or self.projects[number % 2]
        return [*self.projects, self.nowhere][number]

    def reference(self, pick: Reference, project: str, kind: str) -> str:
        """The id or the secret of a token that is there, of any other, or of none."""
        where, number, form = pick
        tokens = self.world.tokens
        if where == "there":
            here = [token for token in tokens if token.kind == kind and token.end is None]
            tokens = [token for token in here if project in ("", token.project)]
        if where == "unknown" or not tokens:
            return UNKNOWN
        token = tokens[number % len(tokens)]
        return token.id if form == "id" else token.secret


def body(act: Act, making: str | None, expires_at: int | None) -> dict[str, Any] | None:
    """The body of an act, with the id of the project that it makes and the expiry of a token."""
    known = {"id": making, act.expiry: expires_at and rfc3339(expires_at)}
    added = {name: value for name, value in known.items() if value is not None}
    return {**(act.body or {}), **added} or None


CALLERS: dict[str, Callable[[Token], bool]] = {
    "root": lambda token: False,
    "member": lambda token: token.kind == "project" and token.end is None,
    "holder": lambda token: token.kind != "project" and token.end is None,
    "anybody": lambda token: True,
}
