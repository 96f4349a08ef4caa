"""Identity: a header in, a Caller out; and the one place that enforces `x-permission`."""

import base64
import binascii
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from connexion.middleware.abstract import ROUTING_CONTEXT
from connexion.middleware.security import SecurityAPI, SecurityMiddleware, SecurityOperation
from starlette.types import Receive, Scope, Send

from handlers.wire import threads
from handlers.wire.contract import Operation, contract
from handlers.wire.refusals import NotFound
from handlers.wire.replay import has_answer, key_of
from models.caller import Caller
from models.database import session
from models.failures import Failure, Forbidden, ProjectNotFound, Unauthorized
from models.token import TokenRecord
from models.verification import Bearer, authenticate, rotated_out

LONGEST_CREDENTIAL = 600
REFUSALS: dict[str, type[Failure]] = {
    refusal.row(): refusal for refusal in (Forbidden, ProjectNotFound)
}


class IdentityOperation(SecurityOperation):  # type: ignore[misc]  # Connexion is untyped
    """Knows the caller of an operation, and that it may call it."""

    def _get_verification_fn(self) -> None:
        """Not Connexion's: it would try both schemes on one header."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.security:
            operation = contract.operations[scope["extensions"][ROUTING_CONTEXT]["operation_id"]]
            caller = await identify(scope, operation)
            scope["extensions"].setdefault("connexion_context", {})["caller"] = caller
            authorise(caller, operation, scope.get("path_params", {}))
        await self.next_app(scope, receive, send)


class IdentityAPI(SecurityAPI):  # type: ignore[misc]
    """Connexion's security, with both schemes read by one function."""

    def make_operation(self, operation: Any) -> IdentityOperation:
        made: IdentityOperation = IdentityOperation.from_operation(
            operation,
            next_app=self.next_app,
            security_handler_factory=self.security_handler_factory,
        )
        return made


class Identity(SecurityMiddleware):  # type: ignore[misc]
    """Connexion's place for security. What was not routed to an operation ends here."""

    api_cls = IdentityAPI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        routed = scope.get("extensions", {}).get(ROUTING_CONTEXT, {})
        if scope["type"] == "http" and routed.get("operation_id") is None:
            raise NotFound
        await super().__call__(scope, receive, send)


async def identify(scope: Scope, operation: Operation) -> Caller:
    """The caller behind the Authorization header: `TOKEN`, `Bearer TOKEN`, or Basic where allowed.

    Raises Unauthorized.
    """
    secret = credential(scope, basic=operation.takes_basic)
    if not secret or len(secret) > LONGEST_CREDENTIAL:
        raise Unauthorized
    return await threads.run(lambda: _authenticated(scope, operation, secret), little=True)


def credential(scope: Scope, *, basic: bool = False) -> str | None:
    """The token in the Authorization header, without its scheme; None where none was sent.

    With `basic` it may be the password of RFC 7617, percent-encoded as RFC 6749, section 2.3.1
    wants it; the user name does not matter.
    """
    for name, value in scope["headers"]:
        if name == b"authorization":
            text: str = value.decode("latin-1").strip()
            scheme, space, rest = text.partition(" ")
            if space and scheme.lower() == "bearer":
                return rest.strip()
            return _password(rest) if basic and scheme.lower() == "basic" else text
    return None


def _password(encoded: str) -> str:
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return unquote(pair.partition(":")[2])


def authorise(caller: Caller, operation: Operation, path: dict[str, str]) -> None:
    """Let the caller pass, or raise what the contract refuses it with.

    A project of others is refused in the same words whether it exists or not.
    """
    if operation.permission is None:
        raise NotFound
    project = path.get("projectId")
    if not caller.may(operation.permission) or (project and not caller.reaches(project)):
        raise REFUSALS[operation.refused_as]


def caller_of(record: TokenRecord, address: str | None, request_id: str | None) -> Bearer:
    """The caller that a verified token makes, with what its role may do."""
    return Bearer(
        token=record,
        token_id=record.id,
        kind=record.kind,
        name=record.name,
        project=record.project_id,
        permissions=permissions(record),
        grants=contract.grants(role_of(record)),
        address=address,
        request_id=request_id,
        networks=record.allowed_ips,
    )


def permissions(token: TokenRecord) -> frozenset[str]:
    """What the token may do here."""
    return contract.roles[role_of(token)]


def role_of(token: TokenRecord) -> str:
    """The row of `x-roles` that applies to who holds the token."""
    return contract.role_of(token.role, token.kind, token.type)


def _authenticated(scope: Scope, operation: Operation, secret: str) -> Caller:
    client = scope.get("client")
    address, request_id = client and client[0], scope["state"]["request_id"]
    with session():
        try:
            return caller_of(authenticate(secret, address), address, request_id)
        except Unauthorized:
            token = _answered_before(scope, operation, secret, address)
            return replace(caller_of(token, address, request_id), only_replays=True)


def _answered_before(
    scope: Scope, operation: Operation, secret: str, address: str | None
) -> TokenRecord:
    """A token that its own rotation ended, where that was answered to this very request."""
    key = key_of(scope, operation) if operation.replays_to_ended else None
    if key is None:
        raise Unauthorized
    token = rotated_out(secret, address)
    if not has_answer(scope, key, token.id):
        raise Unauthorized
    return token
