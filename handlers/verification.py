"""Verification: verdicts for services that ask, and for gateways that guard."""

from typing import Any
from urllib.parse import quote

from handlers import Answer, Json
from handlers.wire.contract import contract
from handlers.wire.shapes import presented
from models.caller import Caller
from models.failures import RequirementNotMet
from models.token import TokenRecord
from models.verification import VALID, Bearer, Needs, unmet, verify


def verify_token(body: Json, caller: Caller) -> Answer:
    """Whether a token is good for what is asked."""
    return _verdict(body, caller), 200


def verify_tokens(body: Json, caller: Caller) -> Answer:
    """The same for up to 100 tokens, in their order."""
    return {"verdicts": [_verdict(request, caller) for request in body["requests"]]}, 200


def forward_auth(caller: Bearer, **required: str) -> Answer:
    """Let the holder of the presented token pass a gateway, or raise RequirementNotMet."""
    reason = unmet(caller.token, _needs(**required))
    if reason != VALID:
        raise RequirementNotMet(reason)
    return None, 200, _identity(caller.token)


def _verdict(request: Json, caller: Caller) -> Json:
    asked = dict(request)
    verdict = verify(asked.pop("token"), _needs(**asked), by=caller)
    told = {"valid": verdict.valid, "reason": verdict.reason}
    return {**told, "token": presented(verdict.token)} if verdict.token else told


def _needs(role: str | None = None, **needs: Any) -> Needs:
    return Needs(**needs, roles=contract.at_least(role) if role else None)


def _identity(token: TokenRecord) -> dict[str, str]:
    """Who was let in; a header that does not apply is empty, so that it replaces the client's."""
    told = {
        "Token-Id": token.id,
        "Kind": token.kind,
        "Name": quote(token.name, safe=" "),
        "Project": token.project_id,
        "Environment": token.environment,
        "Type": token.type,
        "Role": token.role,
        "Brokers": ",".join(token.broker_ids()),
    }
    return {f"X-Jeton-{name}": value or "" for name, value in told.items()}
