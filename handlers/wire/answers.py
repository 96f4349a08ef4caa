"""Validation of answers: every answer is held to the contract, in production too."""

from typing import Any, NamedTuple

import orjson
from connexion.exceptions import NonConformingResponseBody, NonConformingResponseHeaders
from connexion.middleware.response_validation import (
    ResponseValidationAPI,
    ResponseValidationMiddleware,
    ResponseValidationOperation,
)
from starlette.types import Message, Receive, Scope, Send

from handlers.wire.bodies import JsonText
from handlers.wire.schemas import Schema, compiled

JSON = b"application/json"


class Rule(NamedTuple):
    """What the contract says of an answer with one status: its media types, headers and bodies."""

    schemas: dict[bytes, Schema]
    headers: frozenset[bytes]

    def check(self, headers: dict[bytes, bytes], body: bytes) -> None:
        """Raise NonConformingResponse where the answer breaks the rule."""
        media_type = headers.get(b"content-type")
        known = media_type in self.schemas if self.schemas else media_type is None
        if not known or not self.headers <= headers.keys():
            raise NonConformingResponseHeaders
        fault = self._fault(media_type, body)
        if fault:
            raise NonConformingResponseBody(str(fault))

    def _fault(self, media_type: bytes | None, body: bytes) -> str | None:
        if media_type is None:
            return "body" if body else None
        return self.schemas[media_type].fault(_value(media_type, body))


class AnswerOperation(ResponseValidationOperation):  # type: ignore[misc]  # Connexion is untyped
    """Connexion's, with a rule for each status made once.

    Leaves HEAD alone: its answer has the headers of GET and no body to validate.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._rules = {
            int(status): _rule(response) for status, response in self._operation.responses.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await self.next_app(scope, receive, send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self._check(held)
                for part in held:
                    await send(part)

        await self.next_app(scope, receive, hold)

    def _check(self, held: list[Message]) -> None:
        start, *parts = held
        rule = self._rules.get(start["status"])
        if rule is None:
            raise NonConformingResponseHeaders(f"undocumented status {start['status']}")
        body = parts[0]["body"] if len(parts) == 1 else b"".join(part["body"] for part in parts)
        rule.check(dict(start["headers"]), body)


class AnswerAPI(ResponseValidationAPI):  # type: ignore[misc]
    """Makes the operations of AnswerValidation."""

    def make_operation(self, operation: Any) -> AnswerOperation:
        return AnswerOperation(self.next_app, operation=operation, validator_map=self.validator_map)


class AnswerValidation(ResponseValidationMiddleware):  # type: ignore[misc]
    """Connexion's response validation."""

    api_cls = AnswerAPI


def _value(media_type: bytes, body: bytes) -> Any:
    if media_type != JSON:
        return body.decode()
    return body.value if isinstance(body, JsonText) else orjson.loads(body)


def _rule(response: dict[str, Any]) -> Rule:
    needed = (
        name for name, header in response.get("headers", {}).items() if header.get("required")
    )
    headers = frozenset(name.lower().encode() for name in needed)
    content = response.get("content", {}).items()
    schemas = {
        media_type.encode(): compiled(media["schema"], answers=True)
        for media_type, media in content
    }
    return Rule(schemas, headers)
