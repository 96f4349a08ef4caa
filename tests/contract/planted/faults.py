"""Breaks of the contract: each function plants one into the process that calls it.

A handler whose answers break the contract is not held to it any more, or the server would say 500.
"""

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from handlers import api_tokens, projects
from handlers.wire import bodies, edge, faults
from handlers.wire.answers import AnswerOperation
from handlers.wire.contract import contract
from handlers.wire.identity import credential
from models.failures import Failure


def wrong_status() -> None:
    """A renamed project is answered with 201, as if it were new."""
    _answering(projects, "update_project", lambda body, status: (body, 201))


def missing_header() -> None:
    """A new API token has no Location."""
    _answering(api_tokens, "create_project_api_token", lambda body, status, headers: (body, status))


def extra_field_in_an_error() -> None:
    """Errors of the tokens dialect tell the row of `x-faults`; the shape of an error is closed."""
    _wording("tokens", lambda body, failure: {**body, "row": failure.row()})


def lower_case_enum() -> None:
    """The names of errors in the admin dialect are in lower case."""
    _wording("admin", lambda body, failure: {**body, "name": body["name"].lower()})


def wrong_dialect() -> None:
    """The shortest prefix of a path wins, so that /api/admin speaks as /api does."""
    contract._prefixes.reverse()


def leaked_secret() -> None:
    """A refusal tells the credential that was presented."""
    call = edge.Edge.__call__

    async def telling(self: Any, scope: Any, receive: Any, send: Any) -> None:
        try:
            await call(self, scope, receive, send)
        except Failure as failure:
            failure.detail = credential(scope)
            raise

    edge.Edge.__call__ = telling


def unauthenticated_operation() -> None:
    """The project tokens of a project are listed for everybody."""
    listing = contract.document["paths"]["/api/projects/{projectId}/tokens"]["get"]
    listing |= {"security": [], "x-limit": "address"}


def length_off_by_one() -> None:
    """The name of a project token may have one character more than the contract says."""
    contract.document["components"]["schemas"]["ProjectTokenName"]["maxLength"] += 1


def missing_allow() -> None:
    """405 does not tell which methods there are."""
    headers = faults._headers
    faults._headers = lambda *parts: {n: v for n, v in headers(*parts).items() if n != "Allow"}


def crash_on_odd_bytes() -> None:
    """A body that is not UTF-8 is 500."""
    read = bodies.read_json
    bodies.read_json = lambda text: read(text.decode().encode())


def _answering(module: ModuleType, name: str, change: Callable[..., Any]) -> None:
    handler = getattr(module, name)

    @wraps(handler)
    def changed(**parts: Any) -> Any:
        return change(*handler(**parts))

    setattr(module, name, changed)
    AnswerOperation._check = lambda self, held: None


def _wording(dialect: str, change: Callable[[Any, Failure], Any]) -> None:
    shape = faults.SHAPES[dialect]
    faults.SHAPES[dialect] = lambda wording, failure: change(shape(wording, failure), failure)
