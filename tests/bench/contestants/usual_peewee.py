"""Peewee as its documentation has it, where the models of Jeton prepare their queries."""

from operator import attrgetter
from typing import Any

from peewee import Field

from models.prepared import Prepared


def use() -> None:
    """From now on this process builds a query each time, and reads rows as instances of models."""
    Prepared.__call__ = _read  # type: ignore[method-assign]
    Prepared.change = _change  # type: ignore[method-assign]


def _read(prepared: Prepared, *values: Any) -> list[Any]:
    """Run a select; what the handlers are given are tuples, as ever."""
    query = prepared._build(*values)
    columns = query.selected_columns
    if not all(isinstance(column, Field) for column in columns):
        return list(query.tuples())
    told = attrgetter(*(column.safe_name for column in columns))
    return [told(row) for row in query]


def _change(prepared: Prepared, *values: Any) -> None:
    prepared._build(*values).execute()
