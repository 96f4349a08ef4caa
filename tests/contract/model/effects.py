"""What an operation does to the world when it succeeds, found by its name."""

from collections.abc import Callable
from typing import Any

from inflection import underscore

from tests.contract.model import dialect_effects, door_effects, life_effects
from tests.contract.model.request import Request
from tests.contract.model.tables import operations
from tests.contract.model.wire import Answer
from tests.contract.model.world import World

Effect = Callable[[World, Request, Answer], Any]
PARTS = (dialect_effects, life_effects, door_effects)
EFFECTS: dict[str, Effect] = {
    name: getattr(part, underscore(name))
    for name in operations()
    for part in PARTS
    if hasattr(part, underscore(name))
}
