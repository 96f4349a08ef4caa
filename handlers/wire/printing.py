"""What the `jeton` command prints: tables for people, JSON for scripts."""

from typing import Any

import click
import orjson

from handlers.wire.times import optional_timestamp, timestamp
from models.listing import Listed
from models.project import ProjectRecord, public_id

COLUMNS = {
    "ID": "id",
    "KIND": "kind",
    "STATE": "state",
    "NAME": "name",
    "ROLE": "role",
    "TYPE": "type",
    "CREATED": "createdAt",
    "EXPIRES": "expiresAt",
    "LAST USED": "lastUsedAt",
}
EVENT_COLUMNS = {
    "AT": "at",
    "ACTION": "action",
    "PROJECT": "project",
    "TOKEN": "token",
    "BY": "actorName",
    "FROM": "address",
}


def print_tokens(tokens: list[Listed], as_json: bool) -> None:
    """Print tokens, without their secrets."""
    rows = [told(token) for token in tokens]
    if as_json:
        print_json(rows)
    else:
        cells = [[str(row[key] or "-") for key in COLUMNS.values()] for row in rows]
        print_table(list(COLUMNS), cells)


def told(listed: Listed) -> dict[str, Any]:
    """What is told of a token: everything but its secret."""
    token = listed.token
    return {
        "id": token.id,
        "kind": token.kind,
        "state": listed.state,
        "project": public_id(token.project_id),
        "name": token.name,
        "role": token.role,
        "type": token.type,
        "environment": token.environment,
        "createdAt": timestamp(token.created_at),
        "expiresAt": optional_timestamp(token.expires_at),
        "lastUsedAt": optional_timestamp(token.last_used_at),
    }


def told_project(record: ProjectRecord) -> dict[str, str]:
    """What is told of a project."""
    return {"id": record.id, "name": record.name, "createdAt": timestamp(record.created_at)}


def print_event_table(events: list[dict[str, Any]]) -> None:
    """Print events for people."""
    cells = [[str(event.get(name, "-")) for name in EVENT_COLUMNS.values()] for event in events]
    print_table(list(EVENT_COLUMNS), cells)


def print_facts(facts: dict[str, Any]) -> None:
    """Print names and values, a line each."""
    width = max(map(len, facts))
    for name, value in facts.items():
        shown = value if isinstance(value, str) else orjson.dumps(value).decode()
        click.echo(f"{name.ljust(width)}  {shown}")


def print_json(value: Any) -> None:
    """Print JSON, indented."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def print_table(head: list[str], rows: list[list[str]]) -> None:
    """Print rows in columns; where there are none, say so on standard error."""
    if not rows:
        click.echo("none", err=True)
        return
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
