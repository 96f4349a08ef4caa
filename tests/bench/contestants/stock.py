"""The stock contestant: `tests/stock.py`, and the one handler that stock Connexion cannot call."""

from typing import Any

from connexion import FlaskApp

from handlers import Answer, verification
from models.caller import Caller
from tests import stock
from tests.bench.contestants import usual_peewee

GATE = "forwardAuth"


class ByTag(stock.ByTag):
    """To a handler with `**required` Connexion passes its own `user` and `token_info` too."""

    def resolve_operation_id(self, operation: Any) -> str:
        """The handler, or our function around it."""
        ours = operation.operation_id == GATE
        return f"{__name__}.forward_auth" if ours else super().resolve_operation_id(operation)


def forward_auth(
    caller: Caller,
    project: str | None = None,
    environment: str | None = None,
    kind: str | None = None,
    type_: str | None = None,
    role: str | None = None,
    broker: str | None = None,
) -> Answer:
    """The handler, given what the contract names and nothing else."""
    wanted = {"project": project, "environment": environment, "kind": kind}
    wanted |= {"type": type_, "role": role, "broker": broker}
    required = {name: value for name, value in wanted.items() if value is not None}
    return verification.forward_auth(caller, **required)


def create_app(*, validate_responses: bool = False, prepared: bool = False) -> FlaskApp:
    """The ASGI application; with `prepared` queries its models are as fast as they are in Jeton."""
    if not prepared:
        usual_peewee.use()
    return stock.create_app(validate_responses, ByTag())
