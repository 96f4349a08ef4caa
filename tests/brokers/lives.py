"""Devices that no broker may let in."""

import datetime
import time

from tests.actors import ADMIN, SHARE
from tests.brokers.broker import OTHER_BROKER, Broker, Device, new_broker
from tests.live import ROOT_TOKEN

SOON_SECONDS = 0.5


def dead_devices(broker: Broker) -> dict[str, Device]:
    """Devices whose tokens were revoked, or have expired."""
    revoked = broker.device("editor")
    broker.revoke(revoked)
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=SOON_SECONDS)
    expired = broker.device("editor", valid_date=soon.isoformat())
    time.sleep(SOON_SECONDS)
    return {"revoked": revoked, "expired": expired}


def impostors(broker: Broker) -> dict[str, Device]:
    """Devices with live tokens that are not for this broker."""
    api = ADMIN.mint(broker.root, broker.project)
    share = SHARE.mint(broker.root, broker.project)
    return {
        "other broker": broker.device("admin", brokers=[OTHER_BROKER]),
        "no broker": broker.device("admin", brokers=[]),
        "other project": new_broker(broker.server).device("admin"),
        "api": _presented(broker, ADMIN.secret(api)),
        "share": _presented(broker, SHARE.secret(share)),
        "root": _presented(broker, ROOT_TOKEN),
    }


def _presented(broker: Broker, token: str) -> Device:
    shown = broker.root("POST", "/v1/verify", json={"token": token}).json()
    return Device(shown["token"]["id"], token)
