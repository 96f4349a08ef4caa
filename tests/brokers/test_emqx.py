"""EMQX: its requests as documented; no EMQX could be had to run."""

import datetime

import pytest

from tests.brokers.broker import Broker, Device
from tests.brokers.emqx import IGNORE, Client, Emqx
from tests.brokers.lives import dead_devices, impostors

REFUSED = {"result": "deny"}


def client(device: Device, username: str = "anything") -> Client:
    """What EMQX knows of a client that connects."""
    return {"username": username, "password": device.token, "clientid": "device-1"}


def let_in(emqx: Emqx, device: Device, username: str = "anything") -> Client:
    """What EMQX knows of a client that it let in: no password, and its attributes."""
    answer = emqx.authenticate(client(device, username))
    assert answer["result"] == "allow"
    return {"username": username, "clientid": "device-1", "client_attrs": answer["client_attrs"]}


def test_a_client_is_let_in_with_the_id_of_its_token(broker: Broker) -> None:
    """The answer has text for attributes, is never that of a superuser, and needs no expiry."""
    device = broker.device()
    assert Emqx(broker).authenticate(client(device)) == {
        "result": "allow",
        "is_superuser": False,
        "client_attrs": {"token_id": device.id},
    }


def test_the_connection_ends_when_the_token_expires(broker: Broker) -> None:
    """`expire_at` is the token's expiry in whole seconds."""
    ends = datetime.datetime(2099, 1, 2, 3, 4, 5, 678000, datetime.UTC)
    answer = Emqx(broker).authenticate(client(broker.device(valid_date=ends.isoformat())))
    assert answer["expire_at"] == int(ends.timestamp())


@pytest.mark.parametrize(("role", "publish"), [("viewer", "deny"), ("editor", "allow")])
def test_a_viewer_subscribes_and_an_editor_publishes_as_well(
    broker: Broker, role: str, publish: str
) -> None:
    """The role of the token decides."""
    emqx = Emqx(broker)
    known = let_in(emqx, broker.device(role))
    assert emqx.authorize(known, "subscribe") == "allow"
    assert emqx.authorize(known, "publish") == publish


def test_the_user_name_grants_nothing(broker: Broker) -> None:
    """A viewer who calls itself by an editor's id stays a viewer; without an id nobody may."""
    emqx, editor = Emqx(broker), broker.device("editor")
    known = let_in(emqx, broker.device("viewer"), username=editor.id)
    assert emqx.authorize(known, "publish") == "deny"
    assert emqx.authorize({"username": editor.id, "clientid": "c"}, "subscribe") == "deny"


def test_the_dead_and_the_foreign_are_denied(broker: Broker) -> None:
    """A refusal is `deny`, so that no other source of EMQX is asked."""
    emqx = Emqx(broker)
    for name, device in (dead_devices(broker) | impostors(broker)).items():
        assert emqx.authenticate(client(device)) == REFUSED, name
        known = {"client_attrs": {"token_id": device.id}}
        assert emqx.authorize(known, "subscribe") == "deny", name


def test_a_revoked_token_is_denied_with_its_next_message(broker: Broker) -> None:
    """What was let in before is not let on."""
    emqx, device = Emqx(broker), broker.device("editor")
    known = let_in(emqx, device)
    assert emqx.authorize(known, "publish") == "allow"
    broker.revoke(device)
    assert emqx.authorize(known, "publish") == "deny"


@pytest.mark.parametrize("password", ["", "x" * 16_000, "\U0001f511 ", "\ufffd"])
def test_what_can_be_no_token_is_denied(broker: Broker, password: str) -> None:
    """Also a password that is missing or as long as MQTT allows is denied, not ignored."""
    assert Emqx(broker).authenticate(client(Device("", password))) == REFUSED


def test_without_its_own_token_the_broker_lets_nobody_in(broker: Broker) -> None:
    """EMQX takes 401 for `ignore`; the example's `no_match` makes that a refusal."""
    device = broker.device("editor")
    broker.token = "wrong"
    emqx = Emqx(broker)
    assert emqx.authenticate(client(device)) == {"result": IGNORE}
    assert emqx.authorize({"client_attrs": {"token_id": device.id}}, "publish") == "deny"
