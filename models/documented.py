"""Tokens as the three documented APIs list and show them, for which not all of a row is read."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from models.prepared import Prepared
from models.secrets import mask
from models.store import store
from models.token import LISTED, Token, TokenRecord, ids_in, milliseconds


class ApiToken(NamedTuple):
    """What Unleash's documents tell of a token; the fields are those of TokenRecord."""

    id: str
    name: str
    sealed: bytes | None
    shown: str
    hint: str
    type: str | None
    environment: str | None
    created_at: int
    expires_at: int | None
    last_used_at: int | None

    def __repr__(self) -> str:
        return f"ApiToken({self.id})"


class ProjectToken(NamedTuple):
    """What Cedalo's document tells of a token; the fields are those of TokenRecord."""

    id: str
    name: str
    fingerprint: str
    type: str | None
    role: str | None
    brokers: str | None
    issuer: str
    created_at: int
    expires_at: int | None
    last_used_at: int | None

    def __repr__(self) -> str:
        return f"ProjectToken({self.id})"

    def broker_ids(self) -> list[str]:
        """The brokers that a restricted token is good for."""
        return ids_in(self.brokers)


class ShareToken(NamedTuple):
    """What MicroVisualizer's document tells of a token; the fields are those of TokenRecord."""

    id: str
    sealed: bytes
    created_at: int

    def __repr__(self) -> str:
        return f"ShareToken({self.id})"

    def secret(self) -> str:
        """The secret, which no policy hides: it is a link for the public."""
        return store.keyring.open(self.sealed, self.id)


def masked_secrets_of(tokens: Iterable[TokenRecord | ApiToken]) -> list[str]:
    """The secrets of tokens, with the random parts hidden but for the last characters."""
    return [mask(token.shown, token.hint) for token in tokens]


def secrets_of(tokens: Sequence[TokenRecord | ApiToken]) -> list[str]:
    """The whole secrets, where they were kept and the policy shows them; masked otherwise."""
    if not store.policy.show_secrets:
        return masked_secrets_of(tokens)
    opened = store.keyring.open
    return [
        mask(token.shown, token.hint) if token.sealed is None else opened(token.sealed, token.id)
        for token in tokens
    ]


def documented_api_tokens(project: str) -> list[ApiToken]:
    """The API tokens of a project that are not revoked, oldest first.

    An expired token stays on the list until it is revoked.
    """
    return list(map(ApiToken._make, _API_TOKENS(project, milliseconds())))


def documented_project_tokens(project: str) -> list[ProjectToken]:
    """The same of its project tokens."""
    return list(map(ProjectToken._make, _PROJECT_TOKENS(project, milliseconds())))


def documented_share(project: str) -> ShareToken | None:
    """The share token of a project, if it is shared."""
    rows = _SHARE(project)
    return ShareToken._make(rows[0]) if rows else None


def _of_project(shape: Any, project: Any, kind: str) -> Any:
    columns = (getattr(Token, name) for name in shape._fields)
    return Token.select(*columns).where(Token.project == project, Token.kind == kind)


def _listed(shape: Any, kind: str) -> Prepared:
    return Prepared(
        2,
        lambda project, now: (
            _of_project(shape, project, kind)
            .where(LISTED, Token.retires_at.is_null() | (Token.retires_at > now))
            .order_by(Token.id)
        ),
    )


_API_TOKENS, _PROJECT_TOKENS = _listed(ApiToken, "api"), _listed(ProjectToken, "project")
_SHARE = Prepared(
    1,
    lambda project: _of_project(ShareToken, project, "share").where(
        Token.ended_at.is_null(), Token.rotated_to.is_null()
    ),
)
