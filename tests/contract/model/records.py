"""What the model writes down beside tokens: projects, and events with their causes."""

from dataclasses import dataclass

from tests.contract.model.token import Token

# Written some time after it happened, once for all times that a token came back until then.
REUSED = "token.reused"


@dataclass
class Project:
    """A project that is there; its new tokens live `longest` seconds at most."""

    id: str
    name: str
    created_at: int
    longest: int | None = None


@dataclass(frozen=True)
class Cause:
    """Who brought a change about, under which name, when, and in which request."""

    by: Token
    name: str
    at: int
    request: str | None = None


@dataclass(frozen=True)
class Event:
    """One change of state: what, where, to which token, and its cause."""

    action: str
    project: str
    token: Token | None
    cause: Cause
