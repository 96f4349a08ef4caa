"""Faults: any exception becomes a response in the caller's dialect.

The contract's `x-faults` says the status and the code, one shape for each dialect says the body.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.middleware.abstract import ROUTING_CONTEXT
from starlette.exceptions import HTTPException

from handlers.wire import telemetry
from handlers.wire.contract import Wording, contract
from handlers.wire.identity import credential
from handlers.wire.refusals import (
    InternalError,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    UnsupportedMediaType,
    ValidationFailed,
)
from models.failures import Failure, Forbidden, RoleNotHeld, Unauthorized
from models.outages import diagnose

REALM = "jeton"
DOCUMENT_METHODS = ["GET", "HEAD"]
BY_STATUS: dict[int, type[Failure]] = {
    400: ValidationFailed,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: PayloadTooLarge,
    415: UnsupportedMediaType,
    429: RateLimited,
}
# Gateways take any other status for an error of their own.
GATE_STATUSES = {401: 401}
Body = dict[str, Any]


def share(wording: Wording, failure: Failure) -> Body:
    """The error body of MicroVisualizer's document."""
    body: Body = {"status": wording.status, "code": wording.code, "message": wording.message}
    if wording.status == 429:
        return {**body, "retryAfter": failure.retry_after}
    return {**body, "details": failure.detail} if failure.detail else body


def admin(wording: Wording, failure: Failure) -> Body:
    """The error body of Unleash's documents, with details where the request was at fault."""
    body: Body = {"id": str(uuid.uuid4()), "name": wording.code, "message": wording.message}
    if wording.status != 400:
        return body
    detail = {"message": failure.detail or wording.message}
    return {**body, "details": [{**detail, "path": failure.path} if failure.path else detail]}


def tokens(wording: Wording, failure: Failure) -> Body:
    """The error body of Cedalo's document."""
    body: Body = {"message": wording.message, "code": wording.code, "status": wording.status}
    told = {"detail": failure.detail, "path": failure.path, "retryAfter": failure.retry_after}
    info = {name: value for name, value in told.items() if value is not None}
    return {**body, "info": info} if info else body


def oauth(wording: Wording, failure: Failure) -> Body:
    """The error body of RFC 6749, section 5.2."""
    return {"error": wording.code, "error_description": failure.detail or wording.message}


SHAPES: dict[str, Callable[[Wording, Failure], Body]] = {
    "share": share,
    "admin": admin,
    "tokens": tokens,
    "oauth": oauth,
}


async def answer(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    """The response to any exception, in the dialect of the path; nothing of a 5xx is told."""
    scope, failure = request.scope, _failure(error)
    if isinstance(failure, InternalError):
        telemetry.log_crash(error, scope)
    dialect = contract.dialect(scope["path"])
    try:
        wording = contract.wording(failure.row(), dialect)
    except KeyError:
        telemetry.log_crash(error, scope)
        failure = InternalError()
        wording = contract.wording(failure.row(), dialect)
    if contract.gate(scope["path"]):
        wording = replace(wording, status=GATE_STATUSES.get(wording.status, 403))
    return ConnexionResponse(
        status_code=wording.status,
        content_type="application/json",
        body=orjson.dumps(SHAPES[dialect](wording, failure)),
        headers=_headers(wording, failure, scope),
    )


async def last_resort(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    """The response when even wording a fault fails."""
    telemetry.log_crash(error, request.scope)
    return ConnexionResponse(status_code=500, content_type="application/json", body=b"{}")


def _failure(error: Exception) -> Failure:
    if isinstance(error, Failure):
        return error
    if isinstance(error, HTTPException) and error.status_code in BY_STATUS:
        return BY_STATUS[error.status_code]()
    return diagnose(error) or InternalError()


def _headers(wording: Wording, failure: Failure, scope: Any) -> dict[str, str]:
    headers = {}
    if failure.retry_after is not None:
        headers["Retry-After"] = str(failure.retry_after)
    if isinstance(failure, Unauthorized | Forbidden | RoleNotHeld):
        headers["WWW-Authenticate"] = _challenge(wording.status, scope)
    if wording.status == 405:
        headers["Allow"] = ", ".join(contract.allowed(scope["path"]) or DOCUMENT_METHODS)
    return headers


def _challenge(status: int, scope: Any) -> str:
    challenge = f'Bearer realm="{REALM}"'
    operation_id = scope["extensions"].get(ROUTING_CONTEXT, {}).get("operation_id")
    operation = contract.operations[operation_id] if operation_id else None
    if status == 401:
        told = f'{challenge}, error="invalid_token"' if credential(scope) else challenge
        return f'{told}, Basic realm="{REALM}"' if operation and operation.takes_basic else told
    permission = operation and (operation.permission_others or operation.permission)
    return f'{challenge}, error="insufficient_scope", scope="{permission}"'
