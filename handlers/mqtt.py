"""MQTT: what EMQX and mosquitto-go-auth ask about the clients of a project's broker."""

from handlers import Answer, Json
from handlers.wire.contract import contract
from models.caller import Caller
from models.failures import RequirementNotMet
from models.verification import Needs, Verdict, verify, verify_id

READER, WRITER = "viewer", "editor"
PUBLISH, WRITE_BIT = "publish", 2
WRONG_USER_NAME = "wrong_user_name"
SECOND = 1000


def authenticate_emqx_client(project_id: str, broker_id: str, body: Json, caller: Caller) -> Answer:
    """Whether the password is a token that is good for the broker."""
    needs = Needs(project_id, broker=broker_id, address=body.get("peerhost"))
    verdict = verify(body["password"], needs, by=caller)
    if not verdict.valid or verdict.token is None:
        return {"result": "deny"}, 200
    token = verdict.token
    known = {"is_superuser": False, "client_attrs": {"token_id": token.id}}
    ends = {"expire_at": token.dies_at // SECOND} if token.dies_at else {}
    return {"result": "allow", **known, **ends}, 200


def authorize_emqx_client(project_id: str, broker_id: str, body: Json, caller: Caller) -> Answer:
    """Whether the token of that id may publish, or subscribe."""
    needs = _may(project_id, broker_id, writes=body["action"] == PUBLISH)
    needs = needs._replace(address=body.get("peerhost"))
    verdict = verify_id(body["token_id"], needs, by=caller)
    return {"result": "allow" if verdict.valid else "deny"}, 200


def authenticate_go_auth_client(
    project_id: str, broker_id: str, body: Json, caller: Caller
) -> Answer:
    """The same, told by the status, for the client whose user name is the id of its token.

    Later its user name is all that is known of it: any other could be that of a better token.
    """
    verdict = verify(body["password"], Needs(project_id, broker=broker_id), by=caller)
    if verdict.valid and verdict.token and verdict.token.id != body["username"]:
        raise RequirementNotMet(WRONG_USER_NAME)
    return _by_status(verdict)


def authorize_go_auth_client(project_id: str, broker_id: str, body: Json, caller: Caller) -> Answer:
    """Whether the token of that id may do what is asked, told by the status."""
    needs = _may(project_id, broker_id, writes=bool(body["acc"] & WRITE_BIT))
    return _by_status(verify_id(body["username"], needs, by=caller))


def _may(project: str, broker: str, *, writes: bool) -> Needs:
    return Needs(project, broker=broker, roles=contract.at_least(WRITER if writes else READER))


def _by_status(verdict: Verdict) -> Answer:
    if not verdict.valid:
        raise RequirementNotMet(verdict.reason)
    return {"ok": True, "error": ""}, 200
