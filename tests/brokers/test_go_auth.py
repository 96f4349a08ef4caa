"""Mosquitto with mosquitto-go-auth: its requests as documented; no plugin could be had to run."""

import time

import pytest

from tests.brokers.broker import OTHER_BROKER, Broker, Device, new_broker
from tests.brokers.go_auth import READ, READ_WRITE, SUBSCRIBE, UNSUBSCRIBE, WRITE, GoAuth
from tests.brokers.lives import dead_devices, impostors
from tests.live import ROOT_TOKEN


@pytest.mark.parametrize("mode", ["status", "json"])
@pytest.mark.parametrize(("role", "may_publish"), [("viewer", False), ("editor", True)])
def test_a_viewer_reads_and_an_editor_writes_as_well(
    broker: Broker, mode: str, role: str, may_publish: bool
) -> None:
    """Both connect and subscribe, one publishes, in either response mode."""
    plugin, device = GoAuth(broker, http_response_mode=mode), broker.device(role)
    assert plugin.grants(plugin.get_user(device))
    for access in (READ, SUBSCRIBE, READ | SUBSCRIBE, UNSUBSCRIBE):
        assert plugin.grants(plugin.check_acl(device.id, access)), access
    for access in (WRITE, READ_WRITE):
        assert plugin.grants(plugin.check_acl(device.id, access)) == may_publish, access


def test_a_user_name_that_is_not_the_tokens_id_is_refused(broker: Broker) -> None:
    """A viewer who takes an editor's id for a user name would publish: it cannot connect."""
    plugin, viewer, editor = GoAuth(broker), broker.device("viewer"), broker.device("editor")
    for name in (editor.id, "dashboard", "", viewer.id.upper(), f"{viewer.id} "):
        answer = plugin.get_user((name, viewer.token))
        assert (answer.status, answer.json()["details"]) == (403, "wrong_user_name")
        assert not plugin.grants(answer)


def test_the_dead_and_the_foreign_are_refused(broker: Broker) -> None:
    """Neither at the door nor later does a token pass that is dead or not for this broker."""
    plugin = GoAuth(broker)
    for name, device in (dead_devices(broker) | impostors(broker)).items():
        assert not plugin.grants(plugin.get_user(device)), name
        assert not plugin.grants(plugin.check_acl(device.id, READ)), name


def test_an_unrestricted_token_is_good_for_all_brokers_of_its_project(broker: Broker) -> None:
    """It passes where a restricted one has to name the broker."""
    plugin = GoAuth(broker)
    assert plugin.grants(plugin.get_user(broker.device(type="unrestricted", brokers=[])))
    assert not plugin.grants(plugin.get_user(broker.device(brokers=[OTHER_BROKER])))


def test_a_revoked_token_is_refused_with_its_next_message(broker: Broker) -> None:
    """What was let in before is not let on."""
    plugin, device = GoAuth(broker), broker.device("editor")
    assert plugin.grants(plugin.check_acl(device.id, WRITE))
    broker.revoke(device)
    assert not plugin.grants(plugin.check_acl(device.id, WRITE))
    assert not plugin.grants(plugin.get_user(device))


@pytest.mark.parametrize("password", ["", "x" * 60_000, b"\xff\xfe\x00\x80", "\U0001f511", "\x00"])
def test_odd_passwords_are_refused(broker: Broker, password: str | bytes) -> None:
    """Empty, huge or binary: a refusal, never a failure of the server."""
    answer = GoAuth(broker).get_user((broker.device().id, password))
    assert answer.status in (400, 403)


@pytest.mark.parametrize("name", ["", "\x00", "x" * 60_000, "' OR 1=1 --", "\U0001f511"])
def test_odd_user_names_are_refused(broker: Broker, name: str) -> None:
    """The ACL check takes whatever MQTT lets a client call itself."""
    assert GoAuth(broker).check_acl(name, READ).status in (400, 403)


def test_the_broker_itself_needs_a_token_of_the_project(broker: Broker) -> None:
    """Without one, with a stranger's, or with a device that may not verify, nobody passes."""
    device, stranger = broker.device(), new_broker(broker.server)
    host = "127.0.0.1"
    for sent, status in [
        (host, 401),
        (f"broker:wrong@{host}", 401),
        (f"{broker.token}@{host}", 401),
        (f"broker:{stranger.token}@{host}", 403),
        (f"anything:{broker.token}@{host}", 200),
        (f"broker:{ROOT_TOKEN}@{host}", 200),
    ]:
        assert GoAuth(broker, http_host=sent).get_user(device).status == status, sent


def test_forms_are_refused(broker: Broker) -> None:
    """Params mode `form` is 415: a body has one media type here, and the default is JSON."""
    plugin, device = GoAuth(broker, http_params_mode="form"), broker.device()
    assert plugin.get_user(device).status == 415


def test_no_log_holds_a_token(broker: Broker) -> None:
    """Neither the broker's nor a client's token is logged, nor what a client calls itself."""
    plugin, device = GoAuth(broker), broker.device()
    named = Device("name-of-a-stranger", device.token)
    assert plugin.grants(plugin.get_user(device))
    assert not plugin.grants(plugin.get_user(named))
    time.sleep(0.1)
    log = broker.server.log()
    assert "go-auth/user" in log
    assert not [text for text in (device.token, broker.token, named.id) if text in log]
