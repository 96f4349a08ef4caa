"""Outages: which exceptions mean that the database is not to be had just now."""

import sqlite3

import psycopg
from peewee import OperationalError

from models.failures import StorageUnavailable
from models.sqlite import GONE, LOCKED

SQLITE_OUTAGES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
}
POSTGRES_OUTAGES = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
)


def diagnose(error: BaseException) -> StorageUnavailable | None:
    """The outage behind an exception, or None where the program is to blame.

    Looks behind the exception too: a failed rollback hides the full disk that caused it.
    """
    seen: BaseException | None = error
    while seen is not None:
        if _is_outage(seen):
            return StorageUnavailable()
        seen = seen.__cause__ or seen.__context__
    return None


def _is_outage(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in SQLITE_OUTAGES
    if isinstance(error, OperationalError):
        return str(error) in (LOCKED, GONE)
    return isinstance(error, POSTGRES_OUTAGES)
