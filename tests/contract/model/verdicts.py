"""May this caller do this here, now? The answer of the contract, in the names of `x-faults`.

Where several things are wrong in the last step, each of their faults is a right answer.
"""

from tests.contract.model import dialect_refusals, life_refusals
from tests.contract.model.request import HOME, Request
from tests.contract.model.tables import OK, ROLES, Operation
from tests.contract.model.token import Token
from tests.contract.model.world import World

REFUSALS = {**dialect_refusals.REFUSALS, **life_refusals.REFUSALS}


def entry(request: Request) -> set[str]:
    """What may be said of the credential: `valid`, or why it is not."""
    return request.token.reasons(request.at, HOME) if request.token else {"not_found"}


def verdicts(world: World, request: Request) -> set[str]:
    """What may be said to a caller that was let in."""
    operation = request.operation
    if not operation.public and not may(request.caller, operation, request.project):
        return {operation.refused_as}
    refuse = REFUSALS.get(operation.id)
    return (refuse and refuse(world, request)) or {OK}


def may(caller: Token, operation: Operation, project: str) -> bool:
    """Whether the role of a caller lets it do that, and whether the project is its own."""
    at_home = not project or caller.project in (None, project)
    return operation.permission in ROLES[caller.grade] and at_home
