"""The cast of a run: an act with its numbers in; callers, projects, references, bodies out."""

import secrets
from collections.abc import Callable

from tests.contract.model.acts import Act, Pick, Reference
from tests.contract.model.moments import rfc3339
from tests.contract.model.selection import to_revoke
from tests.contract.model.token import Json, Token
from tests.contract.model.world import World

UNKNOWN = "3f2b8c1e-9d4a-4e6f-8a7b-1c2d3e4f5a6b"
PRESENTING = ("verifyToken", "introspectToken", "revokeToken")
INSTANTS = ("expiresAt", "valid_date", "notBefore")
NAMES_A_TOKEN = ("mintedBy", "tokenId", "actor")


class Cast:
    """Points at whatever there is, modulo how much of it there is."""

    def __init__(self, world: World) -> None:
        self.world = world
        prefix = f"model-{secrets.token_hex(6)}"
        self.projects = [f"{prefix}-{letter}" for letter in "abc"]
        self.nowhere = f"{prefix}-never"

    def parts(self, act: Act, caller: Token | None, at: int) -> Json:
        """What a call needs beside its caller."""
        project = self.project(act.where, caller) if act.where else ""
        reference = self.reference(act.which, project, act.kind) if act.which else ""
        making = act.operation == "createProject"
        body = self.filled(act.body, reference, project, at)
        if act.operation in PRESENTING:
            body["token"] = reference
        return {
            "credential": caller.secret if caller else self.credential(act.who),
            "project": "" if making else project,
            "reference": reference,
            "body": {**body, "id": project} if making else body,
            "query": self.filled(act.query, reference, project, at),
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

    def reference(self, pick: Reference, project: str, kind: str | None) -> str:
        """The id or the secret of a token that is there, of any other, or of none."""
        where, number, form = pick
        tokens = self.world.tokens
        if where == "there":
            here = [token for token in tokens if kind in (None, token.kind) and not token.end]
            tokens = [token for token in here if project in ("", token.project)]
        if where == "unknown" or not tokens:
            return UNKNOWN
        token = tokens[number % len(tokens)]
        return token.id if form == "id" else token.secret

    def filled(self, drawn: Json, reference: str, project: str, at: int) -> Json:
        """A body or a query with the instants, names and counts that it points at."""
        known: Json = dict.fromkeys(NAMES_A_TOKEN, reference)
        known |= {"since": rfc3339(self.world.start), "project": project or self.projects[0]}
        ahead = {name: at + drawn[name] for name in INSTANTS if drawn.get(name) is not None}
        known |= {name: rfc3339(when) for name, when in ahead.items()}
        asked = {name: known.get(name, value) for name, value in drawn.items()}
        if "confirmedCount" in drawn:
            found = to_revoke(self.world, project, asked, at)
            asked["confirmedCount"] += len(found)
        return asked


CALLERS: dict[str, Callable[[Token], bool]] = {
    "root": lambda token: False,
    "member": lambda token: token.kind == "project" and not token.end,
    "holder": lambda token: token.kind != "project" and not token.end,
    "anybody": lambda token: True,
}
