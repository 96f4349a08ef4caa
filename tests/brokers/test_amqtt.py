"""aMQTT, a real broker, asks Jeton by configuration alone; real MQTT clients connect to it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.brokers.broker import Broker, new_broker
from tests.brokers.lives import dead_devices, impostors
from tests.brokers.mqtt_client import MqttClient, eventually
from tests.live import Server, environment, free_port

START_SECONDS = 20


@contextmanager
def running_amqtt(broker: Broker, folder: Path) -> Iterator[int]:
    """The port of a running aMQTT with the example configuration."""
    port = free_port()
    program = broker.example("amqtt/broker.py").replace("127.0.0.1:1883", f"127.0.0.1:{port}")
    (folder / "broker.py").write_text(program)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "broker.py"], cwd=folder, env=environment(), stdout=log, stderr=log
        )
    try:
        assert eventually(lambda: listens(port), START_SECONDS), (folder / "log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def amqtt(broker: Broker, tmp_path: Path) -> Iterator[int]:
    """The port of a broker for one test."""
    with running_amqtt(broker, tmp_path) as port:
        yield port


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_an_editor_publishes_what_a_viewer_receives(broker: Broker, amqtt: int) -> None:
    """A message goes through the broker, between two clients that Jeton let in."""
    with MqttClient(amqtt, broker.device("viewer")) as viewer:
        assert viewer.subscribed()
        with MqttClient(amqtt, broker.device("editor")) as editor:
            assert editor.published(b"on")
            assert eventually(lambda: viewer.received == [b"on"])


def test_what_a_viewer_publishes_reaches_nobody(broker: Broker, amqtt: int) -> None:
    """The broker drops it; what an editor publishes afterwards arrives."""
    with (
        MqttClient(amqtt, broker.device("viewer")) as viewer,
        MqttClient(amqtt, broker.device("editor")) as editor,
    ):
        assert viewer.subscribed()
        viewer.publish(b"off")
        assert editor.published(b"on")
        assert eventually(lambda: bool(viewer.received))
        assert viewer.received == [b"on"]


def test_the_dead_and_the_foreign_cannot_connect(broker: Broker, amqtt: int) -> None:
    """Nor can who takes another's id for a user name, or who knows only the id."""
    viewer, editor = broker.device("viewer"), broker.device("editor")
    for device in (dead_devices(broker) | impostors(broker)).values():
        assert not MqttClient(amqtt, device).connects()
    assert not MqttClient(amqtt, viewer, username=editor.id).connects()
    assert not MqttClient(amqtt, viewer, password=viewer.id).connects()
    assert MqttClient(amqtt, viewer).connects()


def test_a_revoked_token_ends_in_the_midst_of_a_connection(broker: Broker, amqtt: int) -> None:
    """A connected editor whose token is revoked publishes to nobody, and cannot connect again."""
    device = broker.device("editor")
    with (
        MqttClient(amqtt, broker.device("editor")) as other,
        MqttClient(amqtt, device) as editor,
    ):
        assert other.subscribed()
        assert editor.published(b"before")
        assert eventually(lambda: other.received == [b"before"])
        broker.revoke(device)
        editor.publish(b"after")
        assert other.published(b"last")
        assert eventually(lambda: b"last" in other.received)
        assert other.received == [b"before", b"last"]
    assert not MqttClient(amqtt, device).connects()


def test_without_jeton_nobody_connects(tmp_path: Path) -> None:
    """A broker whose Jeton is down lets nobody in, not even whom it knew."""
    (tmp_path / "jeton").mkdir()
    server = Server(tmp_path / "jeton").start()
    broker = new_broker(server)
    device = broker.device("editor")
    with running_amqtt(broker, tmp_path) as port:
        assert MqttClient(port, device).connects()
        server.stop()
        assert not MqttClient(port, device).connects()
