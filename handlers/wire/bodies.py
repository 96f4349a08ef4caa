"""Bodies of requests, read strictly: JSON, and forms where OAuth wants them."""

import json
from typing import Any
from urllib.parse import parse_qsl

from connexion import utils
from connexion.validators import AbstractRequestBodyValidator
from starlette.types import Receive, Scope

from handlers.wire.refusals import BadRequest, UnsupportedMediaType, ValidationFailed
from handlers.wire.schemas import Schema, compiled

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class RequestBody(AbstractRequestBodyValidator):  # type: ignore[misc]  # Connexion is untyped
    """A body that is there, has a media type and fits its schema."""

    def _validate(self, body: Any) -> None:
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


class JsonRequestBody(RequestBody):
    """Reads JSON strictly, fills in defaults and validates."""

    MUTABLE_VALIDATION = True

    async def _parse(self, stream: Any, scope: Scope) -> Any:
        body = read_json(b"".join([chunk async for chunk in stream]))
        if body is None:
            raise ValidationFailed("The request needs a body.")
        return body


class FormRequestBody(RequestBody):
    """Reads a form: no known name twice, and unknown ones are ignored (RFC 6749, section 3.1)."""

    async def _parse(self, stream: Any, scope: Scope) -> Any:
        known = self._schema["properties"]
        pairs = read_pairs(b"".join([chunk async for chunk in stream]))
        told = [(name, value) for name, value in pairs if name in known]
        form = dict(told)
        if len(form) != len(told):
            raise ValidationFailed("A parameter was sent more than once.")
        return form


def read_json(text: bytes) -> Any:
    """JSON as RFC 8259 means it: UTF-8, no name twice, no NaN, no lone surrogate.

    Raises ValidationFailed.
    """
    try:
        value = json.loads(text.decode(), object_pairs_hook=_object, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()  # refuses lone surrogates
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


def read_pairs(text: bytes) -> list[tuple[str, str]]:
    """Names and values from a query or a form; raises BadRequest."""
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest("There is text that is not UTF-8 in percent-encoding.") from None
