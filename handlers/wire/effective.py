"""The settings as people see them: in effect, secrets hidden, and as a table for the README."""

import re
from typing import Any

from pydantic import SecretStr

from handlers.wire.config import PREFIX, Settings


def shown(settings: Settings) -> dict[str, Any]:
    """The effective settings by their names; secrets are hidden."""
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    return {PREFIX + name.upper(): _hidden(value) for name, value in values.items()}


def settings_table() -> str:
    """The settings as a table in Markdown."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = _hidden(field.default, show=True)
        shown = f"`{default}`" if default not in (None, "") else ""
        rows.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def _hidden(value: Any, *, show: bool = False) -> Any:
    if isinstance(value, SecretStr):
        text = value.get_secret_value()
        place = text.startswith(("sqlite:", "postgresql:", "redis"))
        return text if show else re.sub(r":[^:/@]*@", ":(hidden)@", text) if place else "(hidden)"
    return ",".join(value) if isinstance(value, tuple) else value
