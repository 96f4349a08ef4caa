"""Plants a fault into every server that the tests start, to see that they find it."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

# The setting of a server, here for all servers of a run: `package.module:function`, by commas.
PLANTED = {name: value for name, value in os.environ.items() if name == "PLANTED"}


def named(*planting: Callable[[], None]) -> str:
    """The names of functions that plant something, as the setting `PLANTED` of a server."""
    return ",".join(f"{each.__module__}:{each.__name__}" for each in planting)


def search_path(root: Path, settings: Mapping[str, str]) -> str:
    """PYTHONPATH of a process with these settings: with `sitecustomize` where PLANTED is set."""
    return f"{Path(__file__).parent}:{root}" if settings.get("PLANTED") else str(root)
