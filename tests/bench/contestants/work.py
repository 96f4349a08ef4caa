"""The work of the twins, without a framework: who calls, may they, the rows, the answer.

Each answer is Jeton's, byte for byte once it is JSON; `test_twins.py` holds them together. What
Jeton knows besides (limits of single tokens, several keys, other dialects) is left out, and refused
where it would change an answer.
"""

import asyncio
import hmac
import os
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from handlers.wire.keys import decode_keys
from models.secrets import Keyring, api_token, new_row_id
from tests.bench.contestants import sql
from tests.bench.contestants.rules import Refused, is_good, may, scope, unmet
from tests.bench.contestants.shapes import api_token_shape, identity_headers, timestamp
from tests.bench.contestants.sql import Token
from tests.bench.contestants.stores import Store, Taken, store_at

CENTURY = 100 * 31_556_952_000
MOST_TOKENS = int(os.environ.get("JETON_MAX_TOKENS_PER_PROJECT", "10000"))
FLUSH_SECONDS = 1.0
Shape = dict[str, Any]


@dataclass
class Draft:
    """An API token to be; `expires_at` in milliseconds."""

    name: str
    type: str
    environment: str
    expires_at: int | None = None


class Work:
    """The operations of the benchmark over one store."""

    def __init__(self) -> None:
        self.store: Store
        self.keyring: Keyring
        self.base = ""
        self.uses: dict[str, int] = {}

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Read the settings, open the store, and write last-used times each second."""
        self.keyring = Keyring(decode_keys(os.environ["JETON_SECRET_KEYS"]))
        self.base = os.environ["JETON_PUBLIC_URL"]
        self.store = store_at(os.environ["JETON_DATABASE_URL"])
        await self.store.open()
        flushing = asyncio.create_task(self._flush_for_ever())
        try:
            yield
        finally:
            flushing.cancel()
            await self.store.close()

    async def caller(self, header: str | None) -> Token:
        """The good token in an Authorization header."""
        token = await self._good((header or "").removeprefix("Bearer "))
        if token is None:
            raise Refused(401)
        return token

    async def share(self, project: str, caller: Token) -> Shape:
        """The share token of a project and its link."""
        may(caller, "shares:read", project)
        rows = await self.store.run(sql.SHARE, (project,))
        if not rows:
            raise Refused(404)
        row_id, sealed, created_at = rows[0]
        secret = self.keyring.open(sealed, row_id)
        url = f"{self.base}/v1/public-shares/{secret}"
        return {"token": secret, "createdAt": timestamp(created_at), "url": url}

    async def introspect(self, secret: str, caller: Token) -> Shape:
        """What a token is (RFC 7662)."""
        may(caller, "tokens:verify", None)
        token = await self._good(secret)
        if token is None or caller.project_id not in (None, token.project_id):
            return {"active": False}
        return _introspection(token, self.base)

    def gate(self, needs: dict[str, str], caller: Token) -> dict[str, str]:
        """The headers for a gateway that lets the caller pass."""
        may(caller, "self:read", None)
        if unmet(caller, needs):
            raise Refused(403)
        return identity_headers(caller)

    async def list(self, project: str, caller: Token) -> Shape:
        """The API tokens of a project; who may mint them sees their secrets."""
        shown = may(caller, "api-tokens:read", project, also="api-tokens:write")
        if not await self.store.run(sql.PROJECT, (project,)):
            raise Refused(404)
        now, opened = _now(), self.keyring.open
        tokens = []
        for row in await self.store.run(sql.API_TOKENS, (project,)):
            row_id, sealed, prefix, hint, *told, retires_at = row
            if retires_at is None or retires_at > now:
                secret = opened(sealed, row_id) if shown else f"{prefix}****{hint}"
                tokens.append(api_token_shape(secret, *told))
        return {"tokens": tokens}

    async def create(
        self, project: str, draft: Draft, caller: Token, address: str | None
    ) -> tuple[Shape, str]:
        """Mint an API token: the answer and where it is found. One transaction, with its event."""
        may(caller, "api-tokens:write", project)
        now = _now()
        if draft.expires_at is not None and not now < draft.expires_at <= now + CENTURY:
            raise Refused(400)
        secret, row_id = api_token(project, draft.environment), new_row_id()
        told = (project, row_id, caller.id, caller.name, address, uuid.uuid4().hex)
        async with self.store.writing(f"project:{project}") as run:
            room = await run(sql.ROOM, (project, now, project, draft.name, now, project))
            if not room:
                raise Refused(404)
            if room[0][3]:
                await run(sql.FREE_NAME, (project, draft.name, now))
            if room[0][2] >= MOST_TOKENS:
                raise Refused(409)
            try:
                await run(sql.MINT, self._row(row_id, secret, project, draft, caller))
            except Taken:
                raise Refused(409) from None
            await run(sql.TELL, (new_row_id(), _now(), "token.minted", *told))
        return _minted(secret, project, draft, now), row_id

    def _row(
        self, row_id: str, secret: str, project: str, draft: Draft, caller: Token
    ) -> tuple[Any, ...]:
        ring = self.keyring
        kept = ring.digest(secret), ring.seal(secret, row_id), ring.newest.id.hex()
        shown = ring.fingerprint(secret), f"{project}:{draft.environment}.", secret[-4:]
        settings = draft.type, draft.environment, caller.id, _now(), draft.expires_at
        return (row_id, "api", project, draft.name, *kept, *shown, *settings)

    async def _good(self, secret: str) -> Token | None:
        """The token of a secret if it is good at this instant; this is a use of it."""
        digest, now = self.keyring.digest(secret), _now()
        for row in await self.store.run(sql.BY_DIGEST, (digest,)):
            token = Token._make(row)
            if hmac.compare_digest(token.digest, digest) and is_good(token, now):
                self.uses[token.id] = now
                return token
        return None

    async def _flush_for_ever(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            uses, self.uses = self.uses, {}
            if uses:
                await self.store.used([(at, token, at) for token, at in sorted(uses.items())])


def _introspection(token: Token, base: str) -> Shape:
    ends = [at for at in (token.expires_at, token.retires_at) if at is not None]
    shape = {
        "scope": scope(token),
        "client_id": token.id,
        "username": token.name,
        "token_type": "Bearer",
        "exp": min(ends) // 1000 if ends else None,
        "iat": token.created_at // 1000,
        "nbf": (token.not_before or token.created_at) // 1000,
        "sub": token.id,
        "aud": token.project_id,
        "iss": base,
        "jti": token.id,
        "project": token.project_id,
        "projects": [token.project_id] if token.project_id else None,
        "environment": token.environment,
        "kind": token.kind,
        "type": token.type,
        "role": token.role,
        "brokers": orjson.loads(token.brokers) if token.brokers else None,
    }
    return {"active": True} | {name: value for name, value in shape.items() if value is not None}


def _minted(secret: str, project: str, draft: Draft, at: int) -> Shape:
    told = draft.name, draft.type, project, draft.environment, draft.expires_at, at, None
    return api_token_shape(secret, *told)


def _now() -> int:
    return time.time_ns() // 1_000_000
