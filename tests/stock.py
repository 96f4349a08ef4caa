"""The twin: a stock Connexion FlaskApp around the same contract, handlers and models.

Middlewares, validators, bridge and decorators are Connexion's own. What it is given is what any
user has to give: a resolver for our operation ids, a security function, a connection for each
request, the validator that fills in defaults, words for the failures of the models. Its JSON is
Connexion's too, but compact, so that answers can be compared byte for byte.
"""

import json
import os
from typing import Any

import inflection
from connexion import FlaskApp
from connexion.datastructures import MediaTypeDict
from connexion.jsonifier import Jsonifier
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.resolver import Resolver
from connexion.validators import DefaultsJSONRequestBodyValidator

from handlers.wire import config
from handlers.wire.contract import contract
from handlers.wire.identity import caller_of
from models.database import database, session
from models.failures import Failure
from models.store import open_store
from models.verification import authenticate
from tests.live import ROOT

SECURITY_FUNCTIONS = ("APIKEYINFO_FUNC", "BEARERINFO_FUNC")  # where Connexion looks for names


class CompactJson(Jsonifier):
    """Connexion's jsonifier without its indentation and its last newline; both cost time."""

    def __init__(self) -> None:
        super().__init__(json, separators=(",", ":"), ensure_ascii=False)

    def dumps(self, data: Any, **options: Any) -> str:
        return str(super().dumps(data, **options)).rstrip("\n")


class ByTag(Resolver):
    """Finds the handler of an operation in the module that its tag names."""

    def resolve_operation_id(self, operation: Any) -> str:
        module = inflection.underscore(operation._operation["tags"][0])
        return f"handlers.{module}.{inflection.underscore(operation.operation_id)}"


def create_app(validate_responses: bool = False, resolver: Resolver | None = None) -> FlaskApp:
    """The ASGI application, with Connexion's defaults for all that is not named here."""
    settings = config.load()
    open_store(settings.database_url.get_secret_value(), settings.keys, settings.policy)
    os.environ.update(dict.fromkeys(SECURITY_FUNCTIONS, f"{__name__}.identify"))
    resolver = resolver or ByTag()
    app = FlaskApp("handlers", specification_dir=ROOT, resolver=resolver, pythonic_params=True)
    app.add_api(
        "openapi.yaml",
        jsonifier=CompactJson(),
        validate_responses=validate_responses,
        validator_map={"body": MediaTypeDict({"*/*json": DefaultsJSONRequestBodyValidator})},
    )
    app.add_error_handler(Failure, tell)
    app.app.config["PUBLIC_BASE"] = settings.public_base
    app.app.before_request(_connect)
    app.app.teardown_request(_close)
    return app


def identify(secret: str, request: ConnexionRequest) -> dict[str, str]:
    """Connexion's security function: the claims of a token, and the caller for the handlers."""
    with session():
        record = authenticate(secret.removeprefix("Bearer "))
    request.context["caller"] = caller_of(record, request.client and request.client.host, None)
    return {"sub": record.id}


def tell(_: ConnexionRequest, failure: Failure) -> ConnexionResponse:
    """The status and the message that the contract has for a failure."""
    row = contract.document["x-faults"][failure.row()]
    body = json.dumps({"message": row["message"]})
    return ConnexionResponse(row["status"], content_type="application/json", body=body)


def _connect() -> None:
    database.connect(reuse_if_open=True)


def _close(_: BaseException | None) -> None:
    database.close()
