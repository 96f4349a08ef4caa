"""The table of settings in README.md, as the program has them."""

from typing import Any

from pydantic import SecretStr

from handlers.wire.config import PREFIX, Settings
from tests.contract.documentation.markdown import table


def settings() -> str:
    """Each setting with its default and its meaning."""
    rows = [
        [f"`{PREFIX}{name.upper()}`", _default(field.default), str(field.description)]
        for name, field in Settings.model_fields.items()
    ]
    return table(["setting", "default", "meaning"], rows)


def _default(value: Any) -> str:
    shown = value.get_secret_value() if isinstance(value, SecretStr) else value
    return "" if shown in (None, ()) else f"`{shown}`"
