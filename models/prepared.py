"""Queries whose SQL is built once."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from peewee import Value

from models.database import database
from models.waiting import WouldWait, on_the_loop

FEW = 1_000  # rows: some milliseconds


class Prepared:
    """A query whose SQL is built once and run with other parameters each time.

    Building a Peewee query costs ten times what SQLite takes to answer it.
    """

    def __init__(self, parameters: int, build: Callable[..., Any]) -> None:
        self._slots = [_Slot(number) for number in range(parameters)]
        self._build = build
        self._compiled: dict[type, tuple[str, list[Any]]] = {}

    def __call__(self, *values: Any) -> list[Any]:
        """Run a select; the rows are tuples in the order of the selected columns.

        Raises WouldWait on the event loop where there are too many to be read meanwhile.
        """
        cursor = self._execute(values)
        rows: list[Any]
        if not on_the_loop.get():
            rows = cursor.fetchall()
        elif len(rows := cursor.fetchmany(FEW + 1)) > FEW:
            cursor.close()
            raise WouldWait
        return rows

    def change(self, *values: Any) -> int:
        """Run a change, and say how many rows it has changed."""
        changed: int = self._execute(values).rowcount
        return changed

    def many(self, rows: Iterable[Sequence[Any]]) -> None:
        """Run a change once for every row of parameters."""
        sql, order = self._compiled.get(type(database.obj)) or self._compile()
        database.cursor().executemany(sql, [self._arguments(order, row) for row in rows])

    def _execute(self, values: Sequence[Any]) -> Any:
        sql, order = self._compiled.get(type(database.obj)) or self._compile()
        return database.obj.execute_sql(sql, self._arguments(order, values))

    def _arguments(self, order: list[Any], values: Sequence[Any]) -> list[Any]:
        if len(values) != len(self._slots):
            raise ValueError(f"the query takes {len(self._slots)} parameters, not {len(values)}")
        return [values[item.number] if isinstance(item, _Slot) else item for item in order]

    def _compile(self) -> tuple[str, list[Any]]:
        sql, order = self._build(*(Value(slot, converter=False) for slot in self._slots)).sql()
        self._compiled[type(database.obj)] = sql, order
        return sql, order


class _Slot:
    """The place of a parameter."""

    def __init__(self, number: int) -> None:
        self.number = number
