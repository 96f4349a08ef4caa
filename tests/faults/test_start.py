"""Databases that cannot be used: one line with the cause and the cure, exit 1."""

import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import need
from tests.databases import execute, new_database
from tests.faults.processes import PROGRAMS, Program, migrate, refused, serve, serve_in, write_lock
from tests.live import free_port

LATER = "INSERT INTO jeton_migration (id, name, applied) VALUES (99, '0099_later', '2099-01-01')"
UNSHARE = shutil.which("unshare")
READ_ONLY = 'mount --bind data data && mount -o remount,ro,bind data && exec "$@"'
NO_MOUNT = "NO READ-ONLY MOUNT CAN BE MADE HERE: a read-only database was not tested"


@pytest.fixture(params=PROGRAMS, ids=list(PROGRAMS))
def program(request: pytest.FixtureRequest) -> Program:
    """The server and the command in turn."""
    return PROGRAMS[request.param]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database that was made and is whole."""
    assert migrate(tmp_path).returncode == 0
    return tmp_path / "data" / "jeton.db"


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[str]:
    """The URL of a new PostgreSQL database."""
    need("postgresql")
    with new_database("postgresql", tmp_path) as url:
        yield url


def told(program: Program, folder: Path, **settings: str) -> str:
    """The one line that a start ended with."""
    (line,) = refused(program(folder, **settings), 1)
    return line


def test_an_empty_file_is_not_taken_for_a_new_database(
    program: Program, database: Path, tmp_path: Path
) -> None:
    """A file that lost its content is named and left alone."""
    database.write_bytes(b"")
    line = told(program, tmp_path)
    assert "is empty" in line
    assert "Restore it from a backup" in line
    assert database.read_bytes() == b""


def test_a_file_of_another_kind_is_refused(database: Path, tmp_path: Path) -> None:
    """A file that is no database at all is named and left alone."""
    database.write_text("Dear diary. " * 100)
    assert "is not a database of Jeton" in told(serve, tmp_path)
    assert database.read_text().startswith("Dear diary")


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    """SQLite files of others are recognised by their application id and left alone."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as other, other:
        other.execute("CREATE TABLE diary (day TEXT)")
    line = told(serve, tmp_path, JETON_DATABASE_URL="sqlite:///other.db")
    assert "is not a database of Jeton. Point JETON_DATABASE_URL" in line
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("diary",)]


def test_a_postgresql_database_of_another_program_is_refused(postgres: str, tmp_path: Path) -> None:
    """Tables of others in the PostgreSQL database stop the start."""
    execute(postgres, "CREATE TABLE diary (day text)")
    assert "holds tables of another program" in told(serve, tmp_path, JETON_DATABASE_URL=postgres)


def test_a_newer_sqlite_database_is_refused(database: Path, tmp_path: Path) -> None:
    """A migration that this version lacks is named, and so is the cure."""
    with closing(sqlite3.connect(database)) as newer, newer:
        newer.execute(LATER)
    line = told(serve, tmp_path)
    assert "newer Jeton (0099_later). Install that version or a later one" in line


def test_a_newer_postgresql_database_is_refused(postgres: str, tmp_path: Path) -> None:
    """The same on PostgreSQL."""
    assert migrate(tmp_path, JETON_DATABASE_URL=postgres).returncode == 0
    execute(postgres, LATER)
    assert "newer Jeton (0099_later)" in told(serve, tmp_path, JETON_DATABASE_URL=postgres)


def test_a_database_that_was_here_before_is_missed(database: Path, tmp_path: Path) -> None:
    """Where the turn file is left, the database is not made anew until that is removed."""
    database.unlink()
    line = told(serve, tmp_path)
    assert "is missing, yet it was here before" in line
    assert f"to start anew, remove {database.relative_to(tmp_path)}-turn" in line
    assert not database.exists()
    database.with_name("jeton.db-turn").unlink()
    assert migrate(tmp_path).returncode == 0


def test_a_locked_database_is_told_from_a_broken_one(database: Path, tmp_path: Path) -> None:
    """A start gives up on a lock that outlasts its patience, and says whose fault it is."""
    with write_lock(database):
        assert "is locked by another program" in told(serve, tmp_path)


def test_a_read_only_database_is_refused(database: Path, tmp_path: Path) -> None:
    """A database on a read-only file system is said to be one."""
    mounted = (UNSHARE or "unshare", "--mount", "sh", "-c", READ_ONLY, "sh")
    if not UNSHARE or subprocess.run([*mounted, "true"], cwd=tmp_path, check=False).returncode:
        pytest.skip(NO_MOUNT)
    (line,) = refused(serve_in(mounted, tmp_path), 1)
    assert "cannot be written" in line


def test_an_immutable_database_is_refused(database: Path, tmp_path: Path) -> None:
    """A database file that may not be written is said to be one."""
    if subprocess.run(["chattr", "+i", database], check=False).returncode:
        pytest.skip(NO_MOUNT)
    try:
        assert "cannot be written" in told(serve, tmp_path)
    finally:
        subprocess.run(["chattr", "-i", database], check=True)


def test_an_unreachable_postgresql_is_told(tmp_path: Path) -> None:
    """Nobody at the port: the cause, the setting to look at, and not the password."""
    url = f"postgresql://jeton:hush-password@127.0.0.1:{free_port()}/jeton"
    line = told(serve, tmp_path, JETON_DATABASE_URL=url)
    assert "cannot be reached" in line
    assert "Check JETON_DATABASE_URL" in line
    assert "hush" not in line


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """Where another listens, the server says so and gives up."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = serve(tmp_path, JETON_BIND=f"127.0.0.1:{port}")
    assert ended.returncode != 0
    assert f"Connection in use: ('127.0.0.1', {port})" in ended.stderr
    assert "Traceback" not in ended.stderr
