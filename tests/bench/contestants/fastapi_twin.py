"""The FastAPI twin, as fast as one writes it: `async def`, plain SQL, and answers in two ways.

Requests are validated by FastAPI. Answers are validated where an application is made with models
of them; here they are bytes of orjson, which FastAPI passes on without a look.
"""

import datetime
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from typing import Annotated, Any, Literal, NamedTuple

import orjson
from fastapi import Depends, FastAPI, Form, Header, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from tests.bench.contestants.rules import Refused
from tests.bench.contestants.sql import Token
from tests.bench.contestants.work import Draft, Shape, Work

JSON = "application/json"
EPOCH = datetime.datetime.fromtimestamp(0, datetime.UTC)
MILLISECOND = datetime.timedelta(milliseconds=1)
Endpoint = Callable[..., Any]
work = Work()


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


async def share(project: Project, caller: Caller) -> Shape:
    """The share token of a project."""
    return await work.share(project, caller)


async def introspect(token: Secret, caller: Caller) -> Shape:
    """What a token is."""
    return await work.introspect(token, caller)


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


async def list_tokens(project: Project, caller: Caller) -> Shape:
    """The API tokens of a project."""
    return await work.list(project, caller)


async def create(
    project: Project, body: TokenRequest, caller: Caller, request: Request, response: Response
) -> Shape:
    """Mint an API token."""
    ends = body.expiresAt and (body.expiresAt - EPOCH) // MILLISECOND
    draft = Draft(body.tokenName, body.type.lower(), body.environment, ends)
    address = request.client and request.client.host
    shape, row_id = await work.create(project, draft, caller, address)
    response.headers["location"] = f"{request.url.path}/{row_id}"
    return shape


class Route(NamedTuple):
    """Where an endpoint is found, and the status of its good answer."""

    method: str
    path: str
    endpoint: Endpoint
    status: int = 200


ROUTES = (
    Route("GET", "/v1/projects/{project}/public-share-token", share),
    Route("POST", "/oauth2/introspect", introspect),
    Route("GET", "/v1/forward-auth", gate),
    Route("GET", "/api/admin/projects/{project}/api-tokens", list_tokens),
    Route("POST", "/api/admin/projects/{project}/api-tokens", create, 201),
)
UNREAD = (gate,)  # its answer is headers, which FastAPI validates for nobody


def create_app(models: Mapping[Endpoint, type[BaseModel]]) -> FastAPI:
    """The ASGI application: FastAPI validates and writes the answers that have a model."""
    app = FastAPI(lifespan=_lifespan, exception_handlers={Refused: refuse})
    for method, path, endpoint, status in ROUTES:
        model = models.get(endpoint)
        app.add_api_route(
            path,
            endpoint if model or endpoint in UNREAD else _in_bytes(endpoint, status),
            methods=[method],
            status_code=status,
            response_model=model,
            response_model_exclude_unset=model is not None and _may_lack(model),
        )
    return app


async def refuse(_: Request, refused: Refused) -> Response:
    """The status alone."""
    return Response(status_code=refused.status)


def _in_bytes(endpoint: Endpoint, status: int) -> Endpoint:
    @wraps(endpoint)
    async def answered(**given: Any) -> Response:
        shape = await endpoint(**given)
        headers = given["response"].headers if "response" in given else None
        return Response(orjson.dumps(shape), status, headers, JSON)

    return answered


def _may_lack(model: type[BaseModel]) -> bool:
    """Whether anything of it is left out where it is not known, instead of being null."""
    return not all(field.is_required() for field in model.model_fields.values())


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with work.opened():
        yield


app = create_app({})
