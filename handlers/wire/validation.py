"""Validation of requests: Connexion's validator map on jsonschema-rs, compiled once a schema.

Bodies and parameters are read strictly, formats are enforced, and messages tell the rule that was
broken, never the value that broke it.
"""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

import orjson
from connexion import utils
from connexion.datastructures import MediaTypeDict
from connexion.middleware.request_validation import (
    RequestValidationAPI,
    RequestValidationMiddleware,
    RequestValidationOperation,
)
from connexion.validators import AbstractRequestBodyValidator
from starlette.types import ASGIApp, Receive, Scope, Send

from handlers.wire.refusals import BadRequest, UnsupportedMediaType, ValidationFailed
from handlers.wire.schemas import Schema, compiled

JSON = "application/json"
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)


class ParameterValidator:
    """Reads query and path parameters strictly: none unknown, none twice, none bent into shape."""

    def __init__(self, parameters: list[dict[str, Any]], **_: Any) -> None:
        self._query = {item["name"]: item for item in parameters if item["in"] == "query"}
        self._path = {item["name"]: item for item in parameters if item["in"] == "path"}

    def validate(self, scope: Scope) -> None:
        """Raise ValidationFailed for the first parameter that breaks the contract."""
        for name, schema in self._path.items():
            sent = scope["path_params"]
            compiled(schema["schema"]).check(sent[name], f"/path/{name}", name)
        if self._query or scope["query_string"]:
            self._check_query(scope["query_string"])

    def _check_query(self, query: bytes) -> None:
        seen = set()
        for name, text in _pairs(query):
            if name not in self._query:
                raise ValidationFailed("There is a query parameter that this operation lacks.")
            if name in seen:
                raise ValidationFailed(f"The query parameter {name} was sent more than once.")
            seen.add(name)
            schema = self._query[name]["schema"]
            value = int(text) if schema["type"] == "integer" and INTEGER.fullmatch(text) else text
            compiled(schema).check(value, f"/query/{name}", name)


class JsonRequestBody(AbstractRequestBodyValidator):  # type: ignore[misc]  # Connexion is untyped
    """Reads JSON strictly, fills in defaults and validates."""

    MUTABLE_VALIDATION = True

    async def _parse(self, stream: Any, scope: Scope) -> Any:
        text = b"".join([chunk async for chunk in stream])
        return read_json(text) if text else None

    def _validate(self, body: Any) -> None:
        if body is None:
            raise ValidationFailed("The request needs a body.")
        schema: Schema = compiled(self._schema)
        schema.fill_defaults(body)
        schema.check(body, "/body", "body")

    async def wrap_receive(self, receive: Receive, *, scope: Scope) -> tuple[Receive, Scope]:
        """Read, validate and pass on the body; raises ValidationFailed."""
        if not utils.extract_content_type(scope["headers"]):
            raise UnsupportedMediaType
        headers = dict(scope["headers"])
        if headers.get(b"content-length", b"0") == b"0":
            raise ValidationFailed("The request needs a body.")
        wrapped: tuple[Receive, Scope] = await super().wrap_receive(receive, scope=scope)
        return wrapped


class RequestOperation(RequestValidationOperation):  # type: ignore[misc]
    """Connexion's, with the validator of parameters made once."""

    def __init__(self, next_app: ASGIApp, **options: Any) -> None:
        super().__init__(next_app, **options)
        self._parameters = ParameterValidator(self._operation.parameters)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._operation.consumes:
            await super().__call__(scope, receive, send)
        else:
            self._parameters.validate(scope)
            await self.next_app(scope, receive, send)


class RequestAPI(RequestValidationAPI):  # type: ignore[misc]
    """Makes the operations of RequestValidation."""

    def make_operation(self, operation: Any) -> RequestOperation:
        return RequestOperation(
            self.next_app, operation=operation, validator_map=self.validator_map
        )


class RequestValidation(RequestValidationMiddleware):  # type: ignore[misc]
    """Connexion's request validation."""

    api_cls = RequestAPI


VALIDATORS = {
    "parameter": ParameterValidator,
    "body": MediaTypeDict({JSON: JsonRequestBody}),
}


def read_json(text: bytes) -> Any:
    """JSON as RFC 8259 means it: UTF-8, no name twice, no NaN, no lone surrogate.

    Raises ValidationFailed.
    """
    try:
        value = json.loads(text.decode(), object_pairs_hook=_object, parse_constant=_no_constant)
        orjson.dumps(value)  # refuses lone surrogates and integers past 64 bits
    except (ValueError, RecursionError, TypeError):
        raise ValidationFailed("The body is not valid JSON.") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(name: str) -> None:
    raise ValueError


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest("The query is not UTF-8 in percent-encoding.") from None
