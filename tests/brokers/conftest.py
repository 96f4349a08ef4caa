"""A broker for each test."""

import pytest

from tests.brokers.broker import Broker, new_broker
from tests.live import Server


@pytest.fixture
def broker(server: Server) -> Broker:
    """A broker of a new project."""
    return new_broker(server)
