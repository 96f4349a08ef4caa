"""The FastAPI twin, as fast as one writes it: `async def`, plain SQL, orjson, no response models.

Requests are validated by FastAPI; answers, other than Jeton's, are not.
"""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Form, Header, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from tests.bench.contestants.rules import Refused
from tests.bench.contestants.sql import Token
from tests.bench.contestants.work import Draft, Work

JSON = "application/json"
EPOCH = datetime.datetime.fromtimestamp(0, datetime.UTC)
MILLISECOND = datetime.timedelta(milliseconds=1)
work = Work()


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with work.opened():
        yield


app = FastAPI(lifespan=_lifespan)


@app.exception_handler(Refused)
async def refuse(_: Request, refused: Refused) -> Response:
    """The status alone."""
    return Response(status_code=refused.status)


async def caller(authorization: Annotated[str | None, Header()] = None) -> Token:
    """Who calls."""
    return await work.caller(authorization)


Caller = Annotated[Token, Depends(caller)]
Project = Annotated[str, Path(pattern=r"^[A-Za-z0-9._~-]+$", max_length=100)]
Secret = Annotated[str, Form(max_length=600)]
Wanted = Annotated[str | None, Query(max_length=100)]


class TokenRequest(BaseModel):
    """An API token to mint."""

    type: Literal["backend", "frontend", "client", "BACKEND", "FRONTEND", "CLIENT"]
    tokenName: str = Field(min_length=1, max_length=100)  # noqa: N815  Unleash's name
    environment: str = Field("default", min_length=1, max_length=100)
    expiresAt: AwareDatetime | None = None  # noqa: N815


@app.get("/v1/projects/{project}/public-share-token")
async def share(project: Project, caller: Caller) -> Response:
    """The share token of a project."""
    return Response(await work.share(project, caller), media_type=JSON)


@app.post("/oauth2/introspect")
async def introspect(token: Secret, caller: Caller) -> Response:
    """What a token is."""
    return Response(await work.introspect(token, caller), media_type=JSON)


@app.get("/v1/forward-auth")
async def gate(
    caller: Caller,
    project: Wanted = None,
    environment: Wanted = None,
    kind: Wanted = None,
    type: Wanted = None,  # noqa: A002  the name of the parameter
    role: Wanted = None,
    broker: Wanted = None,
) -> Response:
    """Whether a gateway may let the caller pass."""
    wanted = {"project": project, "environment": environment, "kind": kind}
    wanted |= {"type": type, "role": role, "broker": broker}
    needs = {name: value for name, value in wanted.items() if value is not None}
    return Response(headers=work.gate(needs, caller))


@app.get("/api/admin/projects/{project}/api-tokens")
async def list_tokens(project: Project, caller: Caller) -> Response:
    """The API tokens of a project."""
    return Response(await work.list(project, caller), media_type=JSON)


@app.post("/api/admin/projects/{project}/api-tokens")
async def create(
    project: Project, body: TokenRequest, caller: Caller, request: Request
) -> Response:
    """Mint an API token."""
    ends = body.expiresAt and (body.expiresAt - EPOCH) // MILLISECOND
    draft = Draft(body.tokenName, body.type.lower(), body.environment, ends)
    address = request.client and request.client.host
    content, row_id = await work.create(project, draft, caller, address)
    headers = {"location": f"{request.url.path}/{row_id}"}
    return Response(content, 201, headers, JSON)
