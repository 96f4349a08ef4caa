"""The model: projects, tokens and events in memory, and what each change does to them."""

from dataclasses import dataclass, field
from enum import Enum

from tests.contract.model.tables import ROLE_OF


class State(Enum):
    """What has become of a token. Only a live one authenticates."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


@dataclass(eq=False)
class Token:
    """A token as it was minted, and its end. `id` is empty until an answer has told it.

    Instants are milliseconds since 1970. `used_at` is its first use; `shown` counts the answers
    that had its secret.
    """

    id: str
    kind: str
    project: str | None
    name: str
    secret: str
    issuer: str
    created_at: int
    role: str | None = None
    type: str | None = None
    environment: str | None = None
    brokers: tuple[str, ...] = ()
    fingerprint: str = ""
    expires_at: int | None = None
    end: State | None = None
    used_at: int | None = None
    shown: int = 0

    def state(self, at: int) -> State:
        """What has become of it at an instant: the one place that says so."""
        if self.end:
            return self.end
        expired = self.expires_at is not None and at >= self.expires_at
        return State.EXPIRED if expired else State.LIVE

    def authenticates(self, at: int) -> bool:
        """Whether its secret opens anything."""
        return self.state(at) is State.LIVE

    def keeps_its_name(self, at: int) -> bool:
        """Whether no other may have its name: an expired one gives it up."""
        return self.state(at) is State.LIVE

    @property
    def is_listed(self) -> bool:
        """Whether lists show it: expired ones stay until they are revoked."""
        return self.end is None

    @property
    def grade(self) -> str:
        """The row of `x-roles` that applies to who holds it."""
        return self.role or ROLE_OF.get(self.type or "") or ROLE_OF[self.kind]

    @property
    def masked(self) -> str:
        """The secret of an API token without its random part, but for four characters."""
        return f"{self.project}:{self.environment}.****{self.secret[-4:]}"


@dataclass
class Project:
    """A project that is there."""

    id: str
    name: str
    created_at: int


@dataclass(frozen=True)
class Event:
    """One change of state: what, where, to which token, by whom, in which request."""

    action: str
    project: str
    token: Token | None
    actor: Token
    request: str

    @property
    def token_id(self) -> str | None:
        """The id of the token, as far as it is known by now."""
        return self.token and self.token.id


@dataclass
class World:
    """All that the model knows. Secrets of earlier worlds are kept: none may come back."""

    root: Token
    secrets: set[str]
    projects: dict[str, Project] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def listed(self, project: str, kind: str) -> list[Token]:
        """The tokens that a list shows, oldest first."""
        mine = [token for token in self.tokens if (token.project, token.kind) == (project, kind)]
        return [token for token in mine if token.is_listed]

    def share(self, project: str) -> Token | None:
        """The share token of a project, if it is shared."""
        return next(iter(self.listed(project, "share")), None)

    def found(self, project: str, kind: str, reference: str) -> Token | None:
        """The token that a path names in a project: by its id, an API token by its secret, too."""
        for token in self.listed(project, kind):
            if reference == token.id or (kind == "api" and reference == token.secret):
                return token
        return None

    def expiring(self, start: int, end: int) -> list[Token]:
        """The tokens that expire between two instants, the next first."""
        found = [token for token in self.tokens if token.expires_at and token.authenticates(start)]
        found.sort(key=lambda token: token.expires_at or 0)
        return [token for token in found if (token.expires_at or 0) <= end]

    def mint(self, token: Token, by: Token, request: str) -> None:
        """A new token, whose secret nobody ever had."""
        assert token.secret not in self.secrets, "a secret appears twice"
        self.secrets.add(token.secret)
        self.tokens.append(token)
        self._note("token.minted", token.project, token, by, request)

    def finish(self, token: Token, end: State, by: Token, request: str) -> None:
        """The end of a token: revoked, or replaced by another."""
        token.end = end
        self._note(f"token.{end.value}", token.project, token, by, request)

    def create(self, project: Project, by: Token, request: str) -> None:
        """A new project."""
        self.projects[project.id] = project
        self._note("project.created", project.id, None, by, request)

    def rename(self, project: str, name: str, by: Token, request: str) -> None:
        """Another name for a project."""
        self.projects[project].name = name
        self._note("project.updated", project, None, by, request)

    def delete(self, project: str, by: Token, request: str) -> None:
        """The end of a project and of all its tokens."""
        for token in self.tokens:
            if token.project == project and token.is_listed:
                self.finish(token, State.REVOKED, by, request)
        del self.projects[project]
        self._note("project.deleted", project, None, by, request)

    def _note(
        self, action: str, project: str | None, token: Token | None, actor: Token, request: str
    ) -> None:
        assert project is not None
        self.events.append(Event(action, project, token, actor, request))
