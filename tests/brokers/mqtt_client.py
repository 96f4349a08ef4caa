"""An MQTT client (Eclipse Paho) that says what became of it."""

import time
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as paho

from tests.brokers.broker import Device
from tests.live import new_project_id

TOPIC = "plant/line-1/state"
SECONDS = 10
QOS = 1


def eventually(holds: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Whether it comes to hold within that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


class MqttClient:
    """One client with the credential of a device; connected inside `with`."""

    def __init__(
        self, port: int, device: Device, *, username: str | None = None, password: str | None = None
    ) -> None:
        self.port = port
        self.received: list[bytes] = []
        self.refused: list[bool] = []
        self.granted: list[bool] = []
        self._paho = paho.Client(paho.CallbackAPIVersion.VERSION2, new_project_id())
        self._paho.username_pw_set(
            device.id if username is None else username,
            device.token if password is None else password,
        )
        self._paho.on_connect = self._on_connect
        self._paho.on_disconnect = self._on_disconnect
        self._paho.on_subscribe = self._on_subscribe
        self._paho.on_message = self._on_message

    def __enter__(self) -> "MqttClient":
        assert self._connect(), "the broker refused the client"
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def connects(self) -> bool:
        """Whether the broker lets the client in; no answer is a no. The client leaves at once."""
        let_in = self._connect()
        self._end()
        return let_in

    def subscribed(self) -> bool:
        """Whether the broker grants a subscription to the topic."""
        self._paho.subscribe(TOPIC, QOS)
        assert eventually(lambda: bool(self.granted))
        return self.granted[-1]

    def publish(self, payload: bytes) -> paho.MQTTMessageInfo:
        """Send a message, whatever the broker makes of it."""
        return self._paho.publish(TOPIC, payload, QOS)

    def published(self, payload: bytes) -> bool:
        """Whether the broker acknowledges a message."""
        sent = self.publish(payload)
        return eventually(sent.is_published)

    def _connect(self) -> bool:
        self._paho.connect("127.0.0.1", self.port)
        self._paho.loop_start()
        return eventually(lambda: bool(self.refused)) and not self.refused[0]

    def _end(self) -> None:
        self._paho.disconnect()
        self._paho.loop_stop()

    def _on_connect(self, _: Any, __: Any, ___: Any, code: Any, ____: Any) -> None:
        self.refused.append(code.is_failure)

    def _on_disconnect(self, *_: Any) -> None:
        self.refused.append(True)

    def _on_subscribe(self, _: Any, __: Any, ___: Any, codes: list[Any], ____: Any) -> None:
        self.granted.append(not codes[0].is_failure)

    def _on_message(self, _: Any, __: Any, message: paho.MQTTMessage) -> None:
        self.received.append(message.payload)
