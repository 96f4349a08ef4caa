"""Waiting: how long and how many may, and who must not at all."""

from contextvars import ContextVar

BUSY_SECONDS = 5
DEADLINE_SECONDS = 10
WAITING_AT_MOST = 128
on_the_loop = ContextVar("on_the_loop", default=False)


class WouldWait(Exception):
    """Work on the event loop came to a point where it would hold up all other."""


class WouldWrite(WouldWait):
    """It would, for it has to write."""
