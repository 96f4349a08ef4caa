"""Requests as the HTTP back end of mosquitto-go-auth sends them, from the options in its file.

Read off the plugin's `backends/http.go` (3.x) and Go's net/http: the URL is scheme, host, colon,
port and URI put together; what it has before the @ becomes Basic authentication; members of JSON
are sorted, `<`, `>` and `&` escaped, and bytes that are not UTF-8 are U+FFFD.
"""

import base64
import json
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from tests.brokers.broker import Broker, Device
from tests.raw import Answer, request, send

AGENT = "mosquitto-2.0.11"
READ, WRITE, READ_WRITE, SUBSCRIBE, UNSUBSCRIBE = 1, 2, 3, 4, 8
TOPIC, CLIENT_ID = "plant/line-1/<state>", "device-1"


def options(text: str) -> dict[str, str]:
    """The `auth_opt_` lines of a mosquitto configuration."""
    lines = (line.split(maxsplit=1) for line in text.splitlines() if line.startswith("auth_opt_"))
    return {name.removeprefix("auth_opt_"): value for name, value in lines}


class GoAuth:
    """The back end of one broker."""

    def __init__(self, broker: Broker, **changed: str) -> None:
        self.server = broker.server
        self.options = {**options(broker.example("mosquitto/go-auth.conf")), **changed}

    def get_user(self, device: Device | tuple[str, bytes | str]) -> Answer:
        """Ask whether a client may connect."""
        name, password = device if isinstance(device, tuple) else (device.id, device.token)
        asked = {"username": name, "password": _utf8(password), "clientid": CLIENT_ID}
        return self._ask(self.options["http_getuser_uri"], asked)

    def check_acl(self, username: str, access: int) -> Answer:
        """Ask whether a client may do what the bits say."""
        asked = {"username": username, "clientid": CLIENT_ID, "topic": TOPIC, "acc": access}
        return self._ask(self.options["http_aclcheck_uri"], asked)

    def grants(self, answer: Answer) -> bool:
        """What the back end makes of an answer, in its response mode."""
        if not 200 <= answer.status < 300:
            return False
        mode = self.options["http_response_mode"]
        return mode != "json" or bool(answer.json()["ok"])

    def _ask(self, uri: str, asked: dict[str, Any]) -> Answer:
        url = f"http://{self.options['http_host']}:{self.options['http_port']}{uri}"
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        headers = [f"User-Agent: {AGENT}", "Accept-Encoding: gzip"]
        if parts.username:
            headers.append(f"Authorization: Basic {base64.b64encode(pair.encode()).decode()}")
        kind, body = self._body(asked)
        return send(
            self.server, request("POST", target, f"Content-Type: {kind}", *headers, body=body)
        )

    def _body(self, asked: dict[str, Any]) -> tuple[str, bytes]:
        if self.options["http_params_mode"] == "form":
            return "application/x-www-form-urlencoded", urlencode(sorted(asked.items())).encode()
        text = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        for letter in "<>&":
            text = text.replace(letter, f"\\u{ord(letter):04x}")
        return "application/json", text.encode()


def _utf8(text: bytes | str) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "replace")
