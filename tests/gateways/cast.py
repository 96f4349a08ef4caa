"""The tokens that come to a gateway which wants an `api` token of one project and environment."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.actors import ADMIN, Caller
from tests.live import ROOT_TOKEN, Server, new_project_id

ENVIRONMENT = "development"
UNKNOWN = "jeton_project_4fZtq8KxW2mRv7LpYc3NbD9sHa5GjU6e2kXw1Q"


@dataclass(frozen=True)
class Token:
    """A secret, what it should be answered with, and the identity to be told of it."""

    secret: str | None
    status: int
    id: str = ""
    name: str = ""


@dataclass(frozen=True)
class Cast:
    """Every sort of token, by the reason why it is good or not."""

    project: str
    foreign_project: str
    tokens: dict[str, Token]
    good: list[Token]

    @property
    def requirements(self) -> str:
        """What the gateway asks for."""
        return f"project={self.project}&environment={ENVIRONMENT}"


def cast(server: Server) -> Cast:
    """Mint them all; returns when the one that expires has expired."""
    root = Caller(server.url, ROOT_TOKEN)
    mine, others = _project(root), _project(root)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    revoked = _mint(root, mine, 401)
    assert ADMIN.revoke(root, mine, revoked.secret or "").status_code == ADMIN.revoked
    expired = _mint(root, mine, 401, expiresAt=soon.isoformat())
    good = [_mint(root, mine, 200) for _ in range(8)]
    tokens = {
        "good": good[0],
        "missing": Token(None, 401),
        "bad": Token(UNKNOWN, 401),
        "foreign": _mint(root, others, 403),
        "wrong environment": _mint(root, mine, 403, environment="production"),
        "expired": expired,
        "revoked": revoked,
    }
    while datetime.now(UTC) <= soon:
        time.sleep(0.05)
    return Cast(mine, others, tokens, good)


def _project(root: Caller) -> str:
    project = new_project_id()
    assert root("POST", "/v1/projects", json={"id": project}).status_code == 201
    return project


def _mint(root: Caller, project: str, status: int, **changes: str) -> Token:
    name = f"käufer {new_project_id()}"
    minted = ADMIN.mint(root, project, tokenName=name, **{"environment": ENVIRONMENT, **changes})
    secret = ADMIN.secret(minted)
    if status != 200:
        return Token(secret, status)
    return Token(secret, status, Caller(root.url, secret)("GET", "/v1/self").json()["id"], name)
