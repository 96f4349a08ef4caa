"""Tokens as the three documented APIs list and show them, for which not all of a row is read."""

from typing import NamedTuple

from models.prepared import Prepared
from models.secrets import mask
from models.token import LISTED, Token, ids_in, milliseconds, opened


class Documented(NamedTuple):
    """What the documented APIs tell of a token; the fields are those of TokenRecord."""

    id: str
    kind: str
    project_id: str | None
    name: str
    sealed: bytes | None
    fingerprint: str
    shown: str
    hint: str
    type: str | None
    role: str | None
    environment: str | None
    brokers: str | None
    issuer: str
    created_at: int
    expires_at: int | None
    last_used_at: int | None

    def __repr__(self) -> str:
        return f"Documented({self.id})"

    def broker_ids(self) -> list[str]:
        """The brokers that a restricted token is good for."""
        return ids_in(self.brokers)

    def secret(self) -> str:
        """The whole secret, where it was kept and the policy shows it; masked otherwise."""
        return opened(self.id, self.kind, self.sealed) or self.masked()

    def masked(self) -> str:
        """The secret with its random part hidden but for the last characters."""
        return mask(self.shown, self.hint)


def documented_tokens(project: str, kind: str) -> list[Documented]:
    """The tokens of a project and kind that are not revoked, oldest first.

    An expired token stays on the list until it is revoked.
    """
    return list(map(Documented._make, _OF_PROJECT(project, kind, milliseconds())))


def documented_share(project: str) -> Documented | None:
    """The share token of a project, if it is shared."""
    rows = _SHARE_OF(project)
    return Documented._make(rows[0]) if rows else None


_COLUMNS = [getattr(Token, name) for name in Documented._fields]
_OF_PROJECT = Prepared(
    3,
    lambda project, kind, now: (
        Token.select(*_COLUMNS)
        .where(Token.project == project, Token.kind == kind, LISTED)
        .where(Token.retires_at.is_null() | (Token.retires_at > now))
        .order_by(Token.id)
    ),
)
_SHARE_OF = Prepared(
    1,
    lambda project: Token.select(*_COLUMNS).where(
        Token.project == project,
        Token.kind == "share",
        Token.ended_at.is_null(),
        Token.rotated_to.is_null(),
    ),
)
