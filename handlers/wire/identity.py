"""Identity: a header in, a Caller out; and the one place that enforces `x-permission`."""

from typing import Any

from connexion.middleware.abstract import ROUTING_CONTEXT
from connexion.middleware.security import SecurityAPI, SecurityMiddleware, SecurityOperation
from starlette.types import Receive, Scope, Send

from handlers.wire import threads
from handlers.wire.contract import Operation, contract
from handlers.wire.refusals import NotFound
from models.caller import Caller
from models.database import database, session
from models.failures import Failure, Forbidden, ProjectNotFound, Unauthorized
from models.token import TokenRecord
from models.verification import verify

HOLDER = "holder"
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
            caller = await identify(scope)
            operation = contract.operations[scope["extensions"][ROUTING_CONTEXT]["operation_id"]]
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


async def identify(scope: Scope) -> Caller:
    """The caller behind the Authorization header, `TOKEN` or `Bearer TOKEN` (RFC 6750).

    Raises Unauthorized.
    """
    secret = credential(scope)
    if not secret or len(secret) > LONGEST_CREDENTIAL:
        raise Unauthorized
    record = await threads.run(lambda: _verified(secret), waits=database.reads_wait)
    client = scope.get("client")
    return caller_of(record, client and client[0], scope["state"]["request_id"])


def credential(scope: Scope) -> str | None:
    """The token in the Authorization header, without the word Bearer; None where none was sent."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            text: str = value.decode("latin-1").strip()
            scheme, space, token = text.partition(" ")
            return token.strip() if space and scheme.lower() == "bearer" else text
    return None


def authorise(caller: Caller, operation: Operation, path: dict[str, str]) -> None:
    """Let the caller pass, or raise what the contract refuses it with.

    A project of others is refused in the same words whether it exists or not.
    """
    if operation.permission is None:
        raise NotFound
    project = path.get("projectId")
    if not caller.may(operation.permission) or (project and not caller.reaches(project)):
        raise REFUSALS[operation.refused_as]


def caller_of(record: TokenRecord, address: str | None, request_id: str | None) -> Caller:
    """The caller that a verified token makes, with what its role may do."""
    role = record.role or HOLDER
    return Caller(
        token_id=record.id,
        kind=record.kind,
        name=record.name,
        project=record.project_id,
        permissions=contract.roles[role],
        grants=contract.grants(role),
        address=address,
        request_id=request_id,
    )


def _verified(secret: str) -> TokenRecord:
    with session():
        return verify(secret)
