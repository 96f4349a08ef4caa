"""Validation of requests: Connexion's validator map on jsonschema-rs, compiled once a schema.

Bodies and parameters are read strictly, formats are enforced, and messages tell the rule that was
broken, never the value that broke it.
"""

import re
from typing import Any

from connexion.datastructures import MediaTypeDict
from connexion.middleware.request_validation import (
    RequestValidationAPI,
    RequestValidationMiddleware,
    RequestValidationOperation,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from handlers.wire.bodies import FORM, JSON, QUERY, FormRequestBody, JsonRequestBody, read_pairs
from handlers.wire.refusals import UnsupportedMediaType, ValidationFailed
from handlers.wire.schemas import compiled

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)


class ParameterValidator:
    """Reads query and path parameters strictly: none unknown, none twice, none bent into shape."""

    def __init__(self, parameters: list[dict[str, Any]], **_: Any) -> None:
        self._query = {item["name"]: item for item in parameters if item["in"] == "query"}
        self._path = {item["name"]: item for item in parameters if item["in"] == "path"}
        self._headers = {
            item["name"].lower().encode(): item for item in parameters if item["in"] == "header"
        }

    def validate(self, scope: Scope) -> None:
        """Raise ValidationFailed for the first parameter that breaks the contract.

        What was read of the query is kept for the handler.
        """
        for name, schema in self._path.items():
            value = scope["path_params"][name]
            compiled(schema["schema"]).check(value, f"/path/{name}", name)
        if self._query or scope["query_string"]:
            scope["extensions"][QUERY] = sent = read_pairs(scope["query_string"])
            self._check_query(sent)
        if self._headers:
            self._check_headers(scope["headers"])

    def _check_headers(self, headers: list[tuple[bytes, bytes]]) -> None:
        seen = set()
        for sent, value in headers:
            if item := self._headers.get(sent):
                name = item["name"]
                if name in seen:
                    raise ValidationFailed(f"The header {name} was sent more than once.")
                seen.add(name)
                compiled(item["schema"]).check(value.decode("latin-1"), f"/header/{name}", name)

    def _check_query(self, sent: list[tuple[str, str]]) -> None:
        seen = set()
        for name, text in sent:
            if name not in self._query:
                raise ValidationFailed("There is a query parameter that this operation lacks.")
            if name in seen:
                raise ValidationFailed(f"The query parameter {name} was sent more than once.")
            seen.add(name)
            schema = self._query[name]["schema"]
            value = int(text) if schema["type"] == "integer" and INTEGER.fullmatch(text) else text
            compiled(schema).check(value, f"/query/{name}", name)


class RequestOperation(RequestValidationOperation):  # type: ignore[misc]
    """Connexion's, with the validators of parameters and bodies made once."""

    def __init__(self, next_app: ASGIApp, **options: Any) -> None:
        super().__init__(next_app, **options)
        self._parameters = ParameterValidator(self._operation.parameters)
        self._bodies = {
            media_type.encode(): self._validator_map["body"][media_type](
                schema=self._operation.body_schema(media_type),
                encoding="utf-8",
                strict_validation=self.strict_validation,
            )
            for media_type in self._operation.consumes
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._parameters.validate(scope)
        if self._bodies:
            media_type = dict(scope["headers"]).get(b"content-type")
            if media_type not in self._bodies:
                raise UnsupportedMediaType
            receive, scope = await self._bodies[media_type].wrap_receive(receive, scope=scope)
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
    "body": MediaTypeDict({JSON: JsonRequestBody, FORM: FormRequestBody}),
}
