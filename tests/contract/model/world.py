"""The model: projects, tokens and events in memory, and what each change does to them."""

from dataclasses import dataclass, field

from tests.contract.model.moments import SECOND, instant
from tests.contract.model.records import Cause, Event, Project
from tests.contract.model.token import VALID, End, Json, Token

LONGEST_GRACE_SECONDS = 7 * 86_400
CENTURY = 100 * 31_556_952 * SECOND


@dataclass
class World:
    """All that the model knows. Secrets of earlier worlds are kept: none may come back."""

    root: Token
    secrets: set[str]
    start: int
    projects: dict[str, Project] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    reused: set[Token] = field(default_factory=set)

    def of(self, project: str) -> list[Token]:
        """The tokens of a project that is there, in every state, oldest first."""
        return [t for t in self.tokens if t.project == project and not t.buried]

    def history(self, project: str) -> list[Event]:
        """The events of a project, but not those of another that had its id before."""
        mine = [event for event in self.events if event.project == project]
        ends = [at for at, event in enumerate(mine, 1) if event.action == "project.deleted"]
        return mine[max(ends, default=0) :]

    def listed(self, project: str, kind: str, at: int) -> list[Token]:
        """The tokens that a list of a dialect shows, oldest first."""
        return [token for token in self.of(project) if token.kind == kind and token.is_listed(at)]

    def share(self, project: str) -> Token | None:
        """The share token of a project, if it is shared."""
        shares = (token for token in self.of(project) if token.kind == "share" and not token.end)
        return next((token for token in shares if not token.rotated_to), None)

    def found(self, project: str, kind: str, reference: str, at: int) -> Token | None:
        """The token that a path names in a project: by its id, an API token by its secret, too."""
        for token in self.listed(project, kind, at):
            if reference == token.id or (kind == "api" and reference == token.secret):
                return token
        return None

    def managed(self, project: str, token_id: str) -> Token | None:
        """The token of a project, in whatever state."""
        return next((token for token in self.of(project) if token.id == token_id), None)

    def holding(self, secret: str | None) -> Token | None:
        """The token of a secret, dead or alive."""
        return next((token for token in self.tokens if token.secret == secret), None)

    def minted_by(self, minter: str) -> set[str]:
        """The ids of a token and of all that it minted, directly or through those."""
        family = {minter}
        while grown := {t.id for t in self.tokens if t.issuer in family} - family:
            family |= grown
        return family

    def changing_next(self, at: int) -> tuple[int, list[Token]] | None:
        """The next instant at which tokens change by themselves, and those tokens."""
        moments = {t: min((m for m in t.moments() if m > at), default=0) for t in self.tokens}
        alive = {token: moment for token, moment in moments.items() if moment and not token.end}
        next_one = min(alive.values(), default=0)
        changing = [token for token, moment in alive.items() if moment == next_one]
        return (next_one, changing) if changing else None

    def has_idle_limits_to_tell(self) -> bool:
        """Whether a token with an idle limit was used and nobody wrote that yet."""
        limited = (token for token in self.tokens if "idleSeconds" in token.settings)
        return any(token.used_at != token.written_at for token in limited)

    def present(self, token: Token, reason: str, at: int) -> None:
        """What comes of a token that was presented: a use, or one that comes back."""
        if reason == VALID:
            self._use(token, at)
        elif token.rotated_to and token.is_dead(at):
            self.reused.add(token)

    def mint(self, token: Token, cause: Cause) -> None:
        """A new token, whose secret nobody ever had. Who expired gives it the name.

        Whoever is bound to networks binds it to them.
        """
        bound = cause.by.settings.get("allowedIps")
        if bound and token.rotated_from is None:
            token.settings["allowedIps"] = bound
        assert token.secret not in self.secrets, "a secret appears twice"
        self.secrets.add(token.secret)
        self._free(token.name, token, cause.at)
        self.tokens.append(token)
        self.note("token.minted", token.project, token, cause)

    def rotate(self, old: Token, new: Token, until: int | None, cause: Cause) -> None:
        """A successor with all settings; the old one lives until then, or dies at once."""
        old.rotated_to, new.rotated_from = new, old
        old.retires_at = until
        if until is None:
            self.finish(old, "rotated", cause)
        else:
            self.note("token.rotated", old.project, old, cause)
        self.mint(new, cause)

    def finish(self, token: Token, reason: str, cause: Cause, note: str | None = None) -> None:
        """The end of a token: revoked, rotated, or replaced by another."""
        token.end = End(reason, cause.at, cause.by, note)
        self.note(f"token.{reason}", token.project, token, cause)

    def change(self, token: Token, asked: Json, cause: Cause) -> None:
        """Other settings; null removes one. Who asks for what is there changes nothing."""
        before = token.shape()
        if asked.get("name", token.name) != token.name:
            self._free(asked["name"], token, cause.at)
        expires_at = token.expires_at
        if "expiresAt" in asked:
            expires_at = self.expiry(str(token.project), expiry_of(asked), token.created_at)
        token.set(asked, expires_at)
        if token.shape() != before:
            self.note("token.updated", token.project, token, cause)

    def turn(self, token: Token, *, off: bool, cause: Cause) -> None:
        """Suspend or resume a token; nothing happens where it is so already."""
        if off != (token.suspended_at is not None):
            token.suspended_at = cause.at if off else None
            self.note(f"token.{'suspended' if off else 'resumed'}", token.project, token, cause)

    def create(self, project: Project, cause: Cause) -> None:
        """A new project."""
        self.projects[project.id] = project
        self.note("project.created", project.id, None, cause)

    def delete(self, project: str, cause: Cause) -> None:
        """The end of a project and of all its tokens that were not ended before."""
        for token in self.of(project):
            if token.end is None:
                self.finish(token, "revoked", cause)
            token.buried = True
        del self.projects[project]
        self.note("project.deleted", project, None, cause)

    def latest(self, project: str, born: int) -> int:
        """Until when a token of a project may live that was born then."""
        longest = self.projects[project].longest
        return born + (CENTURY if longest is None else longest * SECOND)

    def expiry(self, project: str, asked: int | None, born: int) -> int | None:
        """When a token expires: as asked, or as late as the project lets it."""
        limited = self.projects[project].longest is not None
        return self.latest(project, born) if asked is None and limited else asked

    def meant(self, token: Token, at: int) -> int | None:
        """When a token expires that is born now and lives as long as that one was meant to."""
        if token.expires_at is None:
            return None
        return min(at + token.expires_at - token.created_at, self.latest(str(token.project), at))

    def note(self, action: str, project: str | None, token: Token | None, cause: Cause) -> None:
        """One more event."""
        assert project is not None
        self.events.append(Event(action, project, token, cause))

    def _use(self, token: Token, at: int) -> None:
        token.used_at = at
        if not token.is_counted:
            return
        payer, replaced = token.payer, token.replaces
        payer.granted.append(at)
        if "remainingUses" in payer.settings:
            payer.settings["remainingUses"] -= 1
        token.replaces = None
        if replaced and not replaced.is_dead(at):
            replaced.end = End("rotated", at, token, None)
            self.note("token.retired", token.project, replaced, Cause(token, token.name, at))

    def _free(self, name: str, heir: Token, at: int) -> None:
        for token in self.of(str(heir.project)):
            is_over = token.state(at) == "expired" and not token.rotated_to
            if is_over and (token.kind, token.name) == (heir.kind, name):
                token.gave_up_its_name = True


def expiry_of(asked: Json) -> int | None:
    """When a token that is asked for is to expire."""
    told = asked.get("expiresAt") or asked.get("valid_date")
    return told and instant(told)
