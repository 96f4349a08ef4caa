"""SQLite files: made with care, and refused where they are not ours, not whole or not free."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from models import schema
from models.database import APPLICATION_ID, connect, database
from models.project import create_project, find_project
from models.schema import Unusable
from models.sqlite import SqliteStore
from tests.unit.models.stores import ROOT, locked, migrated, opened

SHORT_SECONDS = 0.1


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """The path of a database that is not there yet, to which the models are bound."""
    file = tmp_path / "jeton.db"
    connect(f"sqlite:///{file}")
    yield file
    database.close_all()


@pytest.fixture
def made(path: Path) -> Path:
    """The path of a database with a project."""
    with opened(migrated(f"sqlite:///{path}")):
        create_project("demo-project", None, by=ROOT)
    return path


def refused(path: Path, saying: str) -> None:
    """A file is refused by both who make and who require it, and left as it was."""
    before = path.read_bytes()
    for work in (schema.prepare, schema.require):
        with pytest.raises(Unusable, match=saying) as unusable:
            work()
        assert "\n" not in str(unusable.value)
    assert path.read_bytes() == before


@contextmanager
def turn_taken(path: Path) -> Iterator[None]:
    """A database on which another process has the turn to write."""
    with path.with_name("jeton.db-turn").open("rb+") as turnstile:
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        yield


def test_missing_folders_are_made(tmp_path: Path) -> None:
    """A database is made with the folders that lead to it."""
    path = tmp_path / "var" / "lib" / "jeton.db"
    with opened(migrated(f"sqlite:///{path}")):
        assert path.is_file()


def test_only_the_owner_can_read_the_files(path: Path) -> None:
    """The database and every file beside it have mode 0600."""
    with opened(migrated(f"sqlite:///{path}")):
        create_project("demo-project", None, by=ROOT)
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(modes, 0o600)
    assert {"jeton.db", "jeton.db-turn", "jeton.db-wal", "jeton.db-shm"} == set(modes)


def test_a_new_file_is_marked_as_ours(made: Path) -> None:
    """The header carries our application id, and the file is in write-ahead mode."""
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_was_kept_is_there_after_another_start(made: Path) -> None:
    """Preparing a database that is there keeps what it holds."""
    assert schema.prepare() == []
    with database.connection_context():
        assert find_project("demo-project").id == "demo-project"


def test_an_empty_file_is_refused(path: Path) -> None:
    """An empty file may be what is left of a database, and is not taken for a new one."""
    path.touch()
    refused(path, "is empty. Restore it from a backup")


def test_a_foreign_database_is_refused(path: Path) -> None:
    """A SQLite file of another program is not touched."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE project (title TEXT)")
    refused(path, "not a database of Jeton")


def test_a_text_file_is_refused(path: Path) -> None:
    """A file that is no database at all is not touched."""
    path.write_text("JETON_BIND=127.0.0.1:8080\n")
    refused(path, "not a database of Jeton")


@pytest.mark.parametrize("left", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_refused(made: Path, left: float) -> None:
    """A database that lost its end is told to be damaged."""
    whole = made.read_bytes()
    made.write_bytes(whole[: int(len(whole) * left) // 4096 * 4096])
    refused(made, "Restore it from a backup")


@pytest.mark.parametrize("left", [16, 60, 100, 1_000])
def test_a_scrap_of_a_file_is_refused(made: Path, left: int) -> None:
    """A database of which less than a page is left is not usable."""
    made.write_bytes(made.read_bytes()[:left])
    refused(made, ".")


def test_a_file_that_went_missing_is_not_made_anew(made: Path) -> None:
    """Where a database was before, an empty one would hide its loss."""
    made.unlink()
    with pytest.raises(Unusable, match=r"missing, yet it was here before.*jeton\.db-turn"):
        schema.prepare()
    assert not made.exists()


def test_a_missing_file_is_made_anew_once_its_mark_is_removed(made: Path) -> None:
    """Who removes the file beside it wants a new database."""
    for file in (made, made.with_name("jeton.db-turn")):
        file.unlink()
    connect(f"sqlite:///{made}")
    assert schema.prepare()


def test_an_interrupted_start_is_taken_up(path: Path) -> None:
    """What a start left behind that broke off before the file was whole is made over."""
    path.with_name("jeton.db.new").write_bytes(b"half a file")
    assert schema.prepare()
    assert [file.name for file in path.parent.glob("*.new")] == []


def test_nothing_is_required_of_a_file_that_is_not_there(path: Path) -> None:
    """Who only requires the schema makes no file."""
    with pytest.raises(Unusable, match="Run `jeton migrate` first"):
        schema.require()
    assert list(path.parent.iterdir()) == []


def test_a_locked_database_is_told(made: Path) -> None:
    """Another program that holds the file is the cause, in one line."""
    database.initialize(SqliteStore(made, busy_seconds=SHORT_SECONDS))
    with locked(made), pytest.raises(Unusable, match="locked by another program"):
        schema.prepare()
    assert schema.prepare() == []


def test_a_taken_turn_is_told(made: Path) -> None:
    """Another process of ours that does not let go of its turn is the cause, too."""
    database.initialize(SqliteStore(made, busy_seconds=SHORT_SECONDS))
    with turn_taken(made), pytest.raises(Unusable, match="locked by another program"):
        schema.prepare()


def test_a_folder_is_no_database(path: Path) -> None:
    """A folder in place of the file is refused in one line."""
    path.mkdir()
    with pytest.raises(Unusable, match="directory"):
        schema.prepare()


def test_a_file_in_place_of_a_folder_is_told(tmp_path: Path) -> None:
    """A path that leads through a file is refused in one line."""
    (tmp_path / "file").touch()
    connect(f"sqlite:///{tmp_path / 'file' / 'jeton.db'}")
    with pytest.raises(Unusable, match=r"cannot be (used|written|reached)"):
        schema.prepare()
