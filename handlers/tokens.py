"""Tokens of every kind: what is the one that was presented?"""

from handlers import Answer
from handlers.wire.shapes import presented
from models.caller import Caller
from models.token import read_token


def get_self(caller: Caller) -> Answer:
    """What the presented token is."""
    return presented(read_token(caller.token_id)), 200
