"""Requests as EMQX sends them, from the templates in its configuration.

Read off EMQX's documents and `emqx_authn_http`, `emqx_authz_http`, `emqx_auth_template` (5.8): what
is not known is an empty string; any status but 200 and 204 is `ignore`.
"""

import json
import re
from typing import Any

import pyhocon

from tests.brokers.broker import Broker
from tests.raw import Answer, request, send

IGNORE = "ignore"
PLACEHOLDER = re.compile(r"\$\{([a-z_.]+)\}")
Client = dict[str, Any]


class Emqx:
    """One broker, with its sources for authentication and authorisation."""

    def __init__(self, broker: Broker) -> None:
        self.server = broker.server
        told = pyhocon.ConfigFactory.parse_string(broker.example("emqx/jeton.hocon"))
        self.config = told.as_plain_ordered_dict()

    def authenticate(self, client: Client) -> dict[str, Any]:
        """What EMQX makes of the answer for a client that connects."""
        (source,) = self.config["authentication"]
        return _result(self.ask(source, client))

    def authorize(self, client: Client, action: str) -> str:
        """Whether EMQX lets a client publish or subscribe: by the source, else by `no_match`."""
        (source,) = self.config["authorization"]["sources"]
        answer = self.ask(source, {**client, "action": action, "topic": "plant/line-1/state"})
        result = str(_result(answer)["result"])
        return result if result != IGNORE else str(self.config["authorization"]["no_match"])

    def ask(self, source: dict[str, Any], known: Client) -> Answer:
        """Send a request of a source about a client."""
        told = {name: _rendered(text, known) for name, text in source["body"].items()}
        headers = [f"{name}: {value}" for name, value in source["headers"].items()]
        target = source["url"].split(f":{self.server.port}")[1]
        body = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
        return send(self.server, request(source["method"].upper(), target, *headers, body=body))


def _rendered(template: str, known: Client) -> str:
    def value(match: re.Match[str]) -> str:
        found: Any = known
        for name in match[1].split("."):
            found = found.get(name, {})
        return found if isinstance(found, str) else ""

    return PLACEHOLDER.sub(value, template)


def _result(answer: Answer) -> dict[str, Any]:
    if answer.status != 200:
        return {"result": IGNORE}
    assert answer.headers["content-type"].startswith("application/json")
    return dict(answer.json())
