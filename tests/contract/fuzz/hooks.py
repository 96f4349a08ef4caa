"""Loaded by Schemathesis: spares what a run stands on, and counts the answers.

Writes a list of [operation id, whether the path led abroad, status, count] to FUZZ_ANSWERS.
"""

import atexit
import json
import os
import uuid
from collections import Counter
from pathlib import Path

import schemathesis
from schemathesis import Case, HookContext, Response

from handlers.wire.contract import contract

ABROAD = os.environ["FUZZ_ABROAD"]
SPARED = {tuple(pair) for pair in json.loads(os.environ["FUZZ_SPARED"])}
KEY = "Idempotency-Key"
EXAMPLE = contract.document["components"]["parameters"]["IdempotencyKeyParameter"]["example"]
USED = {EXAMPLE}
ANSWERS: Counter[tuple[str, bool, int]] = Counter()


def operation_id(case: Case) -> str:
    """The id of the case's operation."""
    return str(case.operation.definition.raw["operationId"])


@schemathesis.hook
def filter_case(context: HookContext, case: Case) -> bool:
    """Leave out what would end the run early, as a caller who revokes their own token."""
    named = operation_id(case)
    if named == "revokeTokens" and _confirms(case.body):
        return False
    values = (case.path_parameters or {}).values()
    return SPARED.isdisjoint((named, str(value)) for value in values)


def _confirms(body: object) -> bool:
    """Whether a bulk revocation is meant: the caller could be among those that match."""
    return isinstance(body, dict) and "confirmedCount" in body


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, object]) -> None:
    """Let no Idempotency-Key come twice, or a replay would answer in the place of the request."""
    if (sent := (case.headers or {}).get(KEY)) in USED:
        case.headers[KEY] = str(uuid.uuid4())
    USED.add(str(sent))


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    """Count an answer to a method that the operation has."""
    if case.method.upper() == case.operation.method.upper():
        abroad = (case.path_parameters or {}).get("projectId") == ABROAD
        ANSWERS[operation_id(case), abroad, response.status_code] += 1


@atexit.register
def write() -> None:
    """Write what was counted."""
    counted = [[*key, count] for key, count in sorted(ANSWERS.items())]
    Path(os.environ["FUZZ_ANSWERS"]).write_text(json.dumps(counted))
