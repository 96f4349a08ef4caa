"""Arguments of the `jeton` command that the contract has words for."""

from typing import Any

import click

from handlers.wire.refusals import ValidationFailed
from handlers.wire.schemas import named
from handlers.wire.times import milliseconds


class BadInput(click.ClickException):
    """An argument that cannot be meant: told in one line, without the usage."""

    exit_code = 2


class Fitting(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """Text that fits a schema of the contract."""

    name = "text"

    def __init__(self, schema: str) -> None:
        self.schema = schema

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text as it is; raises BadInput."""
        told = param.get_error_hint(ctx) if param and ctx else self.schema
        try:
            named(self.schema).check(value, "", "It")
        except ValidationFailed as refused:
            raise BadInput(f"{told}: {refused.detail}.") from None
        return value


class Instant(Fitting):
    """An instant of RFC 3339."""

    name = "instant"

    def __init__(self) -> None:
        super().__init__("Timestamp")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The instant in milliseconds since 1970; raises BadInput."""
        return milliseconds(super().convert(value, param, ctx))


def states() -> click.Choice[str]:
    """What a list can be asked for: `living`, `all`, or one of the states of the contract."""
    return click.Choice([LIVING, ALL, *named("TokenState").source["enum"]])


LIVING, ALL = "living", "all"
