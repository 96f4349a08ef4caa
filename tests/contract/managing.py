"""What tests of a token's life say to the management of tokens."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.actors import Actor, Caller
from tests.conftest import Team
from tests.live import Server


@dataclass
class Managed:
    """A token of any kind, seen by who manages it."""

    team: Team
    id: str
    secret: str

    @property
    def path(self) -> str:
        """The path of the token."""
        return f"/v1/projects/{self.team.project}/tokens/{self.id}"

    def show(self) -> dict[str, Any]:
        """The token as it is now, but for its last use, which is written a second later."""
        shown = dict(self.team.root("GET", self.path).json())
        shown.pop("lastUsedAt", None)
        return shown

    def change(self, **changes: Any) -> httpx.Response:
        """Change it."""
        return self.team.root("PATCH", self.path, json=changes)

    def do(self, verb: str, **body: Any) -> httpx.Response:
        """Rotate, suspend, resume or revoke it."""
        needs_body = verb in ("rotate", "revoke")
        options = {"json": body} if needs_body else {}
        return self.team.root("POST", f"{self.path}/{verb}", **options)

    def holder(self, secret: str | None = None) -> Caller:
        """Who holds it, or another secret."""
        return Caller(self.team.server.url, secret or self.secret)

    def reason(self, secret: str | None = None, **needs: str) -> str:
        """The verdict on it, as root is told."""
        asked = {"token": secret or self.secret, **needs}
        return str(self.team.root("POST", "/v1/verify", json=asked).json()["reason"])


def managed(team: Team, actor: Actor, **body: Any) -> Managed:
    """A new token of the actor's dialect."""
    minted = actor.mint(team.root, team.project, **body)
    minted.raise_for_status()
    secret = actor.secret(minted)
    told = Caller(team.server.url, secret)("GET", "/v1/self").json()
    return Managed(team, told["id"], secret)


def store(server: Server, statement: str, *values: object) -> None:
    """Change what the database of a server holds, as only time could."""
    url = server.settings["JETON_DATABASE_URL"]
    if url.startswith("sqlite"):
        with sqlite3.connect(Path(url.removeprefix("sqlite:///")), timeout=10) as connection:
            connection.execute(statement, values)
        connection.close()
    else:
        with psycopg.connect(url) as postgres:
            postgres.execute(statement.replace("?", "%s"), values)  # type: ignore[call-overload]
