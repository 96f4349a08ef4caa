"""Every SQL statement of a server, written down where the driver sends it, and its plan.

`record` is planted into a server; `STATEMENTS` names the file that it writes to.
"""

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from models.sqlite import SqliteStore

PLANNED = ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")
SCANNED = re.compile(r"^SCAN (?!(\d+ )?CONSTANT ROW)")
SUBQUERY = re.compile(r"CO-ROUTINE (t\d+)$")
CONDITIONS = {
    "Index Scan": "Index Cond",
    "Index Only Scan": "Index Cond",
    "Bitmap Index Scan": "Index Cond",
}


def record() -> None:
    """Write down what this process asks of a database from now on."""
    file = os.open(os.environ["STATEMENTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(statement: str) -> None:
        if statement.lstrip().upper().startswith(PLANNED):
            os.write(file, (json.dumps(statement) + "\n").encode())

    _trace_sqlite(tell)
    _trace_postgres(tell)


def recorded(file: Path) -> list[str]:
    """The statements since the last time."""
    statements = [json.loads(line) for line in file.read_text().splitlines()]
    os.truncate(file, 0)
    return list(dict.fromkeys(statements))


def full_scans(url: str, statements: list[str], *, analysed: bool) -> dict[str, list[str]]:
    """The statements whose plan reads all of a table or an index, and where it does."""
    explain = _sqlite_plans if url.startswith("sqlite:") else _postgres_plans
    return {statement: scans for statement, scans in explain(url, statements, analysed) if scans}


def _trace_sqlite(tell: Callable[[str], None]) -> None:
    connect = SqliteStore._connect

    def traced(self: SqliteStore) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(self)
        connection.set_trace_callback(tell)
        return connection

    SqliteStore._connect = traced


def _trace_postgres(tell: Callable[[str], None]) -> None:
    execute, many = psycopg.Cursor.execute, psycopg.Cursor.executemany

    def traced(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        tell(psycopg.ClientCursor(self.connection).mogrify(query, params))
        return execute(self, query, params, **options)

    def traced_many(self: Any, query: Any, rows: Any, **options: Any) -> Any:
        rows = list(rows)
        tell(psycopg.ClientCursor(self.connection).mogrify(query, rows[0]))
        return many(self, query, rows, **options)

    psycopg.Cursor.execute = traced  # type: ignore[method-assign]
    psycopg.Cursor.executemany = traced_many  # type: ignore[method-assign]


def _sqlite_plans(
    url: str, statements: list[str], analysed: bool
) -> Iterator[tuple[str, list[str]]]:
    """Without statistics, as in production, or with those of ANALYZE."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        if analysed:
            connection.execute("ANALYZE")
        for statement in statements:
            lines = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
            # What a subquery has found is read whole; how it finds that has lines of its own.
            found = {f"SCAN {name[1]}" for name in map(SUBQUERY.match, lines) if name}
            yield statement, [line for line in lines if SCANNED.match(line) and line not in found]


def _postgres_plans(
    url: str, statements: list[str], analysed: bool
) -> Iterator[tuple[str, list[str]]]:
    """What it does where it can help it: a table of a few rows it would always read whole."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET enable_seqscan = off")
        if analysed:
            connection.execute("ANALYZE")
        for statement in statements:
            explained = psycopg.ClientCursor(connection).execute(
                f"EXPLAIN (FORMAT JSON) {statement}"  # type: ignore[arg-type]
            )
            row = explained.fetchone()
            assert row
            yield statement, list(_unconditioned(row[0][0]["Plan"]))


def _unconditioned(node: dict[str, Any]) -> Iterator[str]:
    kind, relation = node["Node Type"], node.get("Relation Name") or node.get("Index Name")
    if kind == "Seq Scan" or (kind in CONDITIONS and CONDITIONS[kind] not in node):
        yield f"{kind} {relation}"
    for child in node.get("Plans", []):
        yield from _unconditioned(child)
