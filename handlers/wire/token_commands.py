"""`jeton token`, `jeton events`, `jeton purge`: what an operator does to tokens of projects."""

from typing import Any

import click

from handlers.wire.command import store_command
from handlers.wire.printing import (
    print_event_table,
    print_facts,
    print_json,
    print_tokens,
)
from handlers.wire.shapes import event, managed
from handlers.wire.start import operator
from models import listing, management, project, purge, rotation
from models.history import EventFilter, list_events_page
from models.listing import Listed
from models.rotation import Terms
from models.token import list_tokens, read_token

BY = operator("jeton")
KINDS = ("api", "project", "share")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
token_id = click.argument("token_id")


@click.group("token")
def token_group() -> None:
    """The tokens of projects."""


@token_group.command("list")
@click.argument("project_id", metavar="PROJECT")
@click.option("--kind", type=click.Choice(KINDS), help="Only this kind.")
@as_json
@store_command
def list_project_tokens(project_id: str, kind: str | None, as_json: bool) -> None:
    """List the tokens of PROJECT; no secrets."""
    project.find_project(project_id)
    kinds = (kind,) if kind else KINDS
    print_tokens([token for each in kinds for token in list_tokens(project_id, each)], as_json)


@token_group.command("show")
@token_id
@as_json
@store_command
def show_token(token_id: str, as_json: bool) -> None:
    """Show the token TOKEN_ID in whatever state; no secret."""
    _print(_found(token_id), as_json)


@token_group.command("rotate")
@token_id
@click.option(
    "--grace",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Seconds that the old one lives on.",
)
@click.option("--end-on-first-use", is_flag=True, help="The first use of the new ends the old.")
@as_json
@store_command
def rotate_token(token_id: str, grace: int, end_on_first_use: bool, as_json: bool) -> None:
    """Mint the successor of TOKEN_ID and print its secret, this once."""
    minted = rotation.rotate(read_token(token_id), Terms(grace, end_on_first_use), by=BY)
    if as_json:
        print_json({"token": managed(_found(minted.token.id)), "secret": minted.secret})
    else:
        click.echo(minted.secret)


@token_group.command("suspend")
@token_id
@store_command
def suspend_token(token_id: str) -> None:
    """Make TOKEN_ID good for nothing until it is resumed."""
    management.suspend(_project(token_id), token_id, by=BY)
    click.echo(f"suspended {token_id}")


@token_group.command("resume")
@token_id
@store_command
def resume_token(token_id: str) -> None:
    """Make the suspended TOKEN_ID good again."""
    management.resume(_project(token_id), token_id, by=BY)
    click.echo(f"resumed {token_id}")


@token_group.command("revoke")
@token_id
@click.option("--reason", help="Why; shown with the dead token.")
@store_command
def revoke_token(token_id: str, reason: str | None) -> None:
    """Revoke the token TOKEN_ID for good."""
    management.revoke(read_token(token_id).project_id, token_id, reason, by=BY)
    click.echo(f"revoked {token_id}")


@click.command("purge")
@click.option("--days", type=click.IntRange(0), help="Dead for how long; as set by default.")
@store_command
def purge_tokens(days: int | None) -> None:
    """Forget the tokens that have been dead for long; the events about them stay."""
    click.echo(f"purged {purge.purge(days, by=BY)} tokens")


token_group.add_command(purge_tokens)


@click.command("events")
@click.option("--project", "project_id", help="Only of this project.")
@click.option("--token", help="Only of the token of this id.")
@click.option("--action", help="Only of this kind, as token.minted.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most.")
@as_json
@store_command
def show_events(
    project_id: str | None, token: str | None, action: str | None, limit: int, as_json: bool
) -> None:
    """Show what happened, newest first."""
    which = EventFilter(project=project_id, token=token, action=action)
    events = [event(each) for each in list_events_page(which, by=BY, limit=limit)]
    print_json(events) if as_json else print_event_table(events)


def _project(token_id: str) -> str:
    return read_token(token_id).project_id or ""


def _found(token_id: str) -> Listed:
    return listing.show(read_token(token_id).project_id, token_id)


def _print(listed: Listed, as_json: bool) -> None:
    facts: dict[str, Any] = managed(listed)
    print_json(facts) if as_json else print_facts(facts)
