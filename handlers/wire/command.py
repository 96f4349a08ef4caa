"""What every command of `jeton` needs: settings, an opened store, failures in one line."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click
import psycopg
from peewee import PeeweeException

from handlers.wire import config
from handlers.wire.contract import contract
from handlers.wire.keys import KEY_FILE
from handlers.wire.start import require_fitting_keys
from models import database, schema
from models.failures import Failure
from models.store import open_store


def store_command(work: Callable[..., None]) -> Callable[..., None]:
    """Run a command on the opened store; failures are one line and an exit code."""

    @wraps(work)
    def wrapper(*arguments: Any, **options: Any) -> None:
        with opened_store():
            work(*arguments, **options)

    return wrapper


@contextmanager
def opened_store() -> Iterator[None]:
    """The store that the settings name, which must be up to date."""
    settings = load_settings()
    with one_line():
        if not settings.secret_keys and not KEY_FILE.exists():
            raise schema.Unusable(
                f"there are no keys. Run `jeton migrate` if this server is new. Restore "
                f"{KEY_FILE} or set JETON_SECRET_KEYS if it is not"
            )
        open_store(settings.database_url.get_secret_value(), settings.keys, settings.policy)
        schema.require()
        with database.session():
            require_fitting_keys()
            yield


def load_settings() -> config.Settings:
    """The settings; wrong ones are named and end the command with 2."""
    try:
        return config.load()
    except config.WrongSettings as wrong:
        for fault in wrong.faults:
            click.echo(f"jeton: {fault}", err=True)
        sys.exit(2)


@contextmanager
def one_line() -> Iterator[None]:
    """Tell what fails in one line, and end the command with 1."""
    try:
        yield
    except schema.Unusable as cause:
        raise click.ClickException(f"{cause}.") from None
    except Failure as failure:
        raise click.ClickException(failure.detail or _message(failure)) from None
    except (PeeweeException, sqlite3.Error, psycopg.Error) as error:
        raise click.ClickException(f"{schema.cure(error)}.") from None


def _message(failure: Failure) -> str:
    return str(contract.document["x-faults"][failure.row()]["message"])
