"""The settings as an operator sees them: in effect, with secrets hidden."""

import re
from typing import Any

from pydantic import SecretStr

from handlers.wire.config import PREFIX, Settings


def shown(settings: Settings) -> dict[str, Any]:
    """The effective settings by their names; secrets are hidden."""
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    return {PREFIX + name.upper(): _hidden(value) for name, value in values.items()}


def _hidden(value: Any) -> Any:
    if isinstance(value, SecretStr):
        text = value.get_secret_value()
        place = text.startswith(("sqlite:", "postgresql:", "redis"))
        return re.sub(r":[^:/@]*@", ":(hidden)@", text) if place else "(hidden)"
    return ",".join(value) if isinstance(value, tuple) else value
