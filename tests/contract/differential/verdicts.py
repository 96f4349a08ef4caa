"""The verdict on a request: what its answer says of who decided it."""

from enum import StrEnum
from typing import Any

import orjson

from handlers.wire.contract import contract
from models.failures import Failure, Forbidden, Unauthorized
from tests.raw import Answer


class Verdict(StrEnum):
    """Accepted: the handler ran, though it may have found that there is no such thing, that a name
    is taken or that a date is past; or there is a redirect to where it would run. Refused: the
    request came no further than routing, security and validation. Crashed: there is a 5xx,
    or no answer.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    CRASHED = "crashed"


HANDLED = {
    contract.document["x-faults"][failure.row()]["message"]
    for failure in Failure.__subclasses__()
    if failure.__module__ == Failure.__module__ and failure not in (Unauthorized, Forbidden)
}


def verdict(answer: Answer) -> Verdict:
    """The verdict that an answer of either server tells."""
    if answer.status >= 500 or not answer.status:
        return Verdict.CRASHED
    if answer.status < 400 or _message(answer) in HANDLED:
        return Verdict.ACCEPTED
    return Verdict.REFUSED


def _message(answer: Answer) -> Any:
    body = orjson.loads(answer.body or b"{}")
    return body.get("message") if isinstance(body, dict) else None
