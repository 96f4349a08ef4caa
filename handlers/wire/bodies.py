"""Bodies: JSON as it is sent; of requests JSON, and forms where OAuth wants them, read strictly."""

import json
from typing import Any
from urllib.parse import parse_qsl

import orjson
from connexion.validators import AbstractRequestBodyValidator
from starlette.types import Receive, Scope

from handlers.wire.refusals import BadRequest, ValidationFailed
from handlers.wire.schemas import compiled

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
BODY, QUERY = "body", "query"  # the extensions of a scope that hold what was read


class JsonText(bytes):
    """JSON, with the value that it says: to validate the one the other need not be read again."""

    value: Any

    @classmethod
    def of(cls, value: Any) -> "JsonText":
        """The value in UTF-8; raises TypeError for what JSON cannot say."""
        text = cls(orjson.dumps(value))
        text.value = value
        return text


class RequestBody(AbstractRequestBodyValidator):  # type: ignore[misc]  # Connexion is untyped
    """A body that is there and fits its schema: one for each media type of an operation."""

    async def wrap_receive(self, receive: Receive, *, scope: Scope) -> tuple[Receive, Scope]:
        """Read, validate and keep the body for the handler; raises ValidationFailed."""
        text = b""
        if dict(scope["headers"]).get(b"content-length", b"0") != b"0":
            text = (await receive())["body"]  # the edge has gathered it
        if not text:
            raise ValidationFailed("The request needs a body.")
        body, schema = self.read(text), compiled(self._schema)
        schema.fill_defaults(body)
        schema.check(body, "/body", "body")
        scope["extensions"][BODY] = body
        return receive, scope

    def read(self, text: bytes) -> Any:
        """What the text says."""
        raise NotImplementedError


class JsonRequestBody(RequestBody):
    """Reads JSON strictly."""

    def read(self, text: bytes) -> Any:
        """The value; raises ValidationFailed."""
        body = read_json(text)
        if body is None:
            raise ValidationFailed("The request needs a body.")
        return body


class FormRequestBody(RequestBody):
    """Reads a form: no known name twice, and unknown ones are ignored (RFC 6749, section 3.1)."""

    def read(self, text: bytes) -> dict[str, str]:
        """The fields; raises ValidationFailed."""
        known = self._schema["properties"]
        told = [(name, value) for name, value in read_pairs(text) if name in known]
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
        if b"\\u" in text:
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
