"""The `jeton` command: what an operator does on the machine itself.

Exit codes: 0 done, 1 it could not be done, 2 wrong settings or wrong usage.
"""

import sys

import click

from handlers.wire.arguments import Instant
from handlers.wire.command import load_settings, one_line, store_command
from handlers.wire.effective import shown
from handlers.wire.keys import encode_key
from handlers.wire.printing import print_json, print_table, print_tokens, told, told_project
from handlers.wire.refusals import ValidationFailed
from handlers.wire.schemas import named
from handlers.wire.start import ensure_keys, require_fitting_keys
from handlers.wire.token_commands import (
    BY,
    in_state,
    of_state,
    purge_tokens,
    show_events,
    token_group,
)
from models import database, life, listing, project, resealing, root_tokens, schema
from models.sealing_key import note_newest_key
from models.secrets import new_key
from models.store import open_store


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jeton", prog_name="jeton")
def main() -> None:
    """Look after a Jeton server: schema, root tokens, projects, tokens and keys.

    Settings come from the environment, as for the server; `jeton config` shows them.
    """


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


@main.command()
def migrate() -> None:
    """Make the database, or bring its schema up to date."""
    settings = load_settings()
    with one_line():
        made_keys = ensure_keys(settings)
        open_store(settings.database_url.get_secret_value(), settings.keys, settings.policy)
        applied = schema.prepare()
        with database.session():
            require_fitting_keys(just_made=made_keys)
            note_newest_key()
    click.echo("\n".join(f"applied {name}" for name in applied) or "up to date")


@main.command("config")
@as_json
def show_config(as_json: bool) -> None:
    """Show the settings in effect; secrets are hidden."""
    values = shown(load_settings())
    if as_json:
        print_json(values)
    else:
        print_table(
            ["SETTING", "VALUE"],
            [
                [name, "(not set)" if value is None else str(value)]
                for name, value in values.items()
            ],
        )


@main.group("root-token")
def root_token() -> None:
    """Tokens that may do everything."""


@root_token.command("create")
@click.option("--name", default="root", show_default=True, help="A name to know it by.")
@click.option("--expires", type=Instant(), help="When it dies, as 2027-01-31T12:00:00Z.")
@as_json
@store_command
def create_root_token(name: str, expires: int | None, as_json: bool) -> None:
    """Mint a root token and print it, this once.

    It lives for ever, or as long as JETON_MAX_LIFETIME_DAYS allows where that is set.
    """
    minted = root_tokens.mint_root(name, expires_at=expires, by=BY)
    if as_json:
        print_json({**told(listing.show(None, minted.token.id)), "token": minted.secret})
    else:
        click.echo(minted.secret)


@root_token.command("list")
@of_state
@as_json
@store_command
def list_root_tokens(state: str, as_json: bool) -> None:
    """List the root tokens; no secrets."""
    print_tokens(in_state(None, state, "root"), as_json)


@root_token.command("revoke")
@click.argument("token_id")
@store_command
def revoke_root_token(token_id: str) -> None:
    """Revoke the root token TOKEN_ID."""
    life.revoke(None, "root", token_id, by=BY)
    click.echo(f"revoked {token_id}")


@main.group("project")
def project_group() -> None:
    """The owners of tokens."""


@project_group.command("create")
@click.argument("project_id", metavar="ID")
@click.option("--name", help="What people call it; the id by default.")
@as_json
@store_command
def create_project(project_id: str, name: str | None, as_json: bool) -> None:
    """Make the project ID. Ids from before, such as `default`, are allowed here."""
    _check("AnyProjectId", project_id)
    if name is not None:
        _check("ProjectName", name)
    record = project.create_project(project_id, name, by=BY)
    print_json(told_project(record)) if as_json else click.echo(f"created {record.id}")


@project_group.command("list")
@as_json
@store_command
def list_projects(as_json: bool) -> None:
    """List the projects."""
    found = [told_project(record) for record in project.list_projects(BY, limit=2**31 - 1)]
    if as_json:
        print_json(found)
    else:
        print_table(["ID", "NAME", "CREATED"], [list(row.values()) for row in found])


@project_group.command("delete")
@click.argument("project_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@store_command
def delete_project(project_id: str, yes: bool) -> None:
    """Delete the project ID and revoke all its tokens."""
    project.find_project(project_id)
    if not yes:
        click.confirm(f"Revoke every token of {project_id}?", abort=True)
    count = life.delete_project(project_id, by=BY)
    click.echo(f"deleted {project_id}, revoked {count} tokens")


main.add_command(token_group)
main.add_command(show_events)
main.add_command(purge_tokens)


@main.group("keys")
def keys_group() -> None:
    """The keys that digest and seal."""


@keys_group.command("generate")
def generate_key() -> None:
    """Print a new key for JETON_SECRET_KEYS. Put it before the others: the newest comes first."""
    click.echo(encode_key(new_key()))


@keys_group.command("reseal")
@store_command
def reseal_secrets() -> None:
    """Move every sealed secret to the newest key. Safe to stop and to start again."""
    total = resealing.count_sealed()
    before = resealing.count_bound_to_older_keys()
    with click.progressbar(length=total, label="Resealing", file=sys.stderr) as bar:
        for done in resealing.reseal():
            bar.update(done)
    older = resealing.count_bound_to_older_keys()
    click.echo(f"moved {before - older} live tokens to the newest key")
    if older:
        click.echo(f"{older} live tokens still need the key they were minted under: keep it")


def _check(name: str, value: str) -> None:
    try:
        named(name).check(value, "", name)
    except ValidationFailed as refused:
        raise click.UsageError(refused.detail or name) from None
