"""The FastAPI twin with answers validated, as its users have it: a `response_model` for each.

The models state what the contract's schemas do; `test_validating.py` compares them. FastAPI does
the rest, and pydantic writes the JSON, for which it needs no orjson.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from tests.bench.contestants.fastapi_twin import (
    create,
    create_app,
    introspect,
    list_tokens,
    share,
)

# Formats as patterns: pydantic's own types would write other bytes than they were given, such as
# other fractions of a second, or a last slash.
DATE_TIME = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
URI = r"^[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~]+$"
ABSENT: Any = None


def _unique(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("not unique")
    return values


Whether = Annotated[bool, Field(strict=True)]
Instant = Annotated[str, Field(max_length=40, pattern=DATE_TIME)]
Seconds = Annotated[int, Field(strict=True, ge=0, le=253402300799)]
Url = Annotated[str, Field(min_length=1, max_length=2000, pattern=URI)]
SafeName = Annotated[
    str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$")
]
Projects = Annotated[list[SafeName], Field(min_length=1, max_length=100)]
Brokers = Annotated[
    list[SafeName],
    Field(max_length=100, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_unique),
]
TokenName = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
TokenId = Annotated[
    str,
    Field(
        min_length=36,
        max_length=36,
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    ),
]
ShareSecret = Annotated[
    str,
    Field(
        min_length=36,
        max_length=36,
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    ),
]
ApiSecret = Annotated[
    str,
    Field(
        min_length=12,
        max_length=512,
        pattern=(r"^[A-Za-z0-9._~*\[\]-]{1,100}:[A-Za-z0-9._~*-]{1,100}\.[0-9A-Za-z*]{8,255}$"),
    ),
]
Scope = Annotated[str, Field(max_length=1000, pattern=r"^[a-z:-]+( [a-z:-]+)*$")]
Alias = Annotated[str, Field(max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]


class PublicShareToken(BaseModel):
    """The share token of a project."""

    token: ShareSecret
    createdAt: Instant  # noqa: N815
    url: Url = ABSENT


class Introspection(BaseModel):
    """What a token is."""

    active: Whether
    scope: Scope = ABSENT
    client_id: TokenId = ABSENT
    username: TokenName = ABSENT
    token_type: Literal["Bearer"] = ABSENT
    exp: Seconds = ABSENT
    iat: Seconds = ABSENT
    nbf: Seconds = ABSENT
    sub: TokenId = ABSENT
    aud: SafeName = ABSENT
    iss: Url = ABSENT
    jti: TokenId = ABSENT
    project: SafeName = ABSENT
    projects: Projects = ABSENT
    environment: SafeName = ABSENT
    kind: Literal["api", "project", "root", "share"] = ABSENT
    type: Literal["admin", "backend", "client", "frontend", "restricted", "unrestricted"] = ABSENT
    role: Literal["admin", "editor", "root", "viewer"] = ABSENT
    brokers: Brokers = ABSENT


class ApiToken(BaseModel):
    """An API token."""

    secret: ApiSecret
    tokenName: TokenName  # noqa: N815
    type: Literal["admin", "backend", "client", "frontend"]
    project: SafeName
    projects: Projects
    environment: SafeName
    expiresAt: Instant | None  # noqa: N815
    createdAt: Instant  # noqa: N815
    alias: Alias | None
    seenAt: Instant | None  # noqa: N815
    secure: Whether


class ApiTokens(BaseModel):
    """The API tokens of a project."""

    tokens: Annotated[list[ApiToken], Field(max_length=1_000_000)]


MODELS = {
    share: PublicShareToken,
    introspect: Introspection,
    list_tokens: ApiTokens,
    create: ApiToken,
}
app = create_app(MODELS)
