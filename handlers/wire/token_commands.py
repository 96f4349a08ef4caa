"""`jeton token`, `jeton events`, `jeton purge`: what an operator does to tokens of projects."""

from typing import Any

import click

from handlers.wire.arguments import ALL, LIVING, BadInput, Fitting, Instant, states
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
from models.listing import Filter, Listed
from models.rotation import Terms
from models.token import read_token

BY = operator("jeton")
KINDS = ("api", "project", "share")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
token_id = click.argument("token_id")
of_state = click.option(
    "--state",
    type=states(),
    default=LIVING,
    show_default=True,
    help="Only those in this state; the living are not expired, rotated or revoked.",
)


@click.group("token")
def token_group() -> None:
    """The tokens of projects."""


@token_group.command("list")
@click.argument("project_id", metavar="PROJECT")
@click.option("--kind", type=click.Choice(KINDS), help="Only this kind.")
@of_state
@as_json
@store_command
def list_project_tokens(project_id: str, kind: str | None, state: str, as_json: bool) -> None:
    """List the tokens of PROJECT; no secrets."""
    project.find_project(project_id)
    print_tokens(in_state(project_id, state, kind), as_json)


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
@click.option("--expires", type=Instant(), help="When the new one dies, as 2027-01-31T12:00:00Z.")
@as_json
@store_command
def rotate_token(
    token_id: str, grace: int, end_on_first_use: bool, expires: int | None, as_json: bool
) -> None:
    """Mint the successor of TOKEN_ID and print its secret, this once.

    It lives as long as the old one was meant to, unless --expires says otherwise.
    """
    terms = Terms(grace, end_on_first_use, expires)
    minted = rotation.rotate(read_token(token_id), terms, by=BY)
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
@click.option("--reason", type=Fitting("RevocationReason"), help="Why; shown with the dead token.")
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
@click.option("--project", type=Fitting("AnyProjectId"), help="Only of this project.")
@click.option("--token", type=Fitting("TokenId"), help="Only of the token of this id.")
@click.option("--actor", type=Fitting("Issuer"), help="Only by this token, or by this tool.")
@click.option("--action", type=Fitting("EventAction"), help="Only of this kind, as token.minted.")
@click.option("--since", type=Instant(), help="Not before, as 2027-01-31T12:00:00Z.")
@click.option("--until", type=Instant(), help="Before, in the same form.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most.")
@as_json
@store_command
def show_events(limit: int, as_json: bool, **asked: Any) -> None:
    """Show what happened, newest first."""
    which = EventFilter(**asked)
    if None not in (which.since, which.until) and which.since >= which.until:  # type: ignore[operator]
        raise BadInput("'--since' must be before '--until'.")
    events = [event(each) for each in list_events_page(which, by=BY, limit=limit)]
    print_json(events) if as_json else print_event_table(events)


def in_state(project_id: str | None, state: str, kind: str | None) -> list[Listed]:
    """The tokens of a project, or of the server, that a list is asked for."""
    which = Filter(kind=kind, state=None if state in (LIVING, ALL) else state)
    return listing.list_whole(project_id, which, living=state == LIVING)


def _project(token_id: str) -> str:
    return read_token(token_id).project_id or ""


def _found(token_id: str) -> Listed:
    return listing.show(read_token(token_id).project_id, token_id)


def _print(listed: Listed, as_json: bool) -> None:
    facts: dict[str, Any] = managed(listed)
    print_json(facts) if as_json else print_facts(facts)
