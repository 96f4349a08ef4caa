"""The keys and the root token: made once, kept, and missed when they are lost."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.actors import Caller
from tests.faults.processes import PROGRAMS, Program, migrate, refused, rows, running, serve
from tests.live import Server, run_jeton

KEYS = Path("data") / "secret-keys"
SHOWN = "Root token, shown this once: "


@pytest.fixture(params=PROGRAMS, ids=list(PROGRAMS))
def program(request: pytest.FixtureRequest) -> Program:
    """The server and the command in turn."""
    return PROGRAMS[request.param]


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A folder with a database that holds a token."""
    assert migrate(tmp_path).returncode == 0
    assert run_jeton(tmp_path, "root-token", "create").returncode == 0
    return tmp_path


@contextmanager
def serving(folder: Path, token: str | None) -> Iterator[Server]:
    """A server in the folder, with that JETON_ROOT_TOKEN or none."""
    server = Server(folder, JETON_WORKERS="1")
    del server.settings["JETON_ROOT_TOKEN"]
    server.settings |= {"JETON_ROOT_TOKEN": token} if token else {}
    with running(server):
        yield server


def status_of(server: Server, token: str) -> int:
    """What the server answers to a token."""
    close = {"Connection": "close"}  # an idle connection would delay the end of the server
    return Caller(server.url, token)("GET", "/v1/self", headers=close).status_code


def test_keys_are_made_once_and_kept_private(tmp_path: Path) -> None:
    """The file of keys is for its owner alone, and the next start leaves it as it is."""
    assert migrate(tmp_path).returncode == 0
    made = (tmp_path / KEYS).read_bytes()
    assert stat.S_IMODE((tmp_path / KEYS).stat().st_mode) == 0o600
    assert migrate(tmp_path).returncode == 0
    assert (tmp_path / KEYS).read_bytes() == made


def test_lost_keys_are_missed(program: Program, used: Path) -> None:
    """Where tokens are but no keys, no new ones are made: the cure is to bring back the old."""
    (used / KEYS).unlink()
    (line,) = refused(program(used), 1)
    assert "the keys are missing" in line
    assert "Restore data/secret-keys or set JETON_SECRET_KEYS" in line
    assert not (used / KEYS).exists()


def test_a_command_without_keys_tells_the_right_cure(used: Path) -> None:
    """Who lost the keys is not advised to make new ones, which would orphan every token."""
    (used / KEYS).unlink()
    (line,) = refused(run_jeton(used, "root-token", "list"), 1)
    assert "Restore data/secret-keys" in line


@pytest.mark.parametrize("content", ["", "hush-no-key\n"], ids=["empty", "junk"])
def test_unreadable_keys_are_told(content: str, used: Path) -> None:
    """A file of keys that holds none is named in one line, without what it holds."""
    (used / KEYS).write_text(content)
    for ended in (serve(used), run_jeton(used, "root-token", "list")):
        (line,) = refused(ended, 2)
        assert "data/secret-keys" in line
        assert "hush" not in line


def test_a_folder_that_cannot_be_made_is_told(program: Program, tmp_path: Path) -> None:
    """Where the keys cannot be written, one line names the file."""
    (tmp_path / "data").write_text("a file where the folder should be")
    (line,) = refused(program(tmp_path), 1)
    assert "data/secret-keys" in line


def test_keys_of_another_server_are_refused(used: Path) -> None:
    """Keys that the database was not written with stop the start, like keys that are missing."""
    other = run_jeton(used, "keys", "generate").stdout.strip()
    (line,) = refused(serve(used, JETON_SECRET_KEYS=other), 1)
    assert "JETON_SECRET_KEYS" in line
    assert other not in line


def test_the_first_start_shows_a_root_token_once(tmp_path: Path) -> None:
    """It is printed by the first start alone, it works, and later starts print none."""
    with serving(tmp_path, None) as first:
        (line,) = [line for line in first.log().splitlines() if line.startswith(SHOWN)]
        token = line.removeprefix(SHOWN)
        assert status_of(first, token) == 200
    with serving(tmp_path, None) as second:
        assert status_of(second, token) == 200
    assert second.log().count(SHOWN) == 1


def test_a_changed_root_token_ends_the_one_before(tmp_path: Path) -> None:
    """From the next start on only the new JETON_ROOT_TOKEN works; it may change back."""
    one, other = "one-" + "x" * 24, "other-" + "y" * 24
    for now, before in ((one, other), (other, one), (one, other)):
        with serving(tmp_path, now) as server:
            assert [status_of(server, token) for token in (now, before)] == [200, 401]


def test_a_withdrawn_root_token_is_dead(tmp_path: Path) -> None:
    """Without JETON_ROOT_TOKEN the token that it gave is refused, and a first one is not due."""
    token = "withdrawn-" + "x" * 24
    with serving(tmp_path, token):
        pass
    with serving(tmp_path, None) as server:
        assert status_of(server, token) == 401
    assert SHOWN not in server.log()


def test_a_revoked_root_token_cannot_come_back(tmp_path: Path) -> None:
    """A JETON_ROOT_TOKEN that was revoked by the command stops the next start."""
    token = "revoked-" + "x" * 24
    with serving(tmp_path, token):
        pass
    ((row,),) = rows(tmp_path / "data" / "jeton.db", "SELECT id FROM token")
    assert run_jeton(tmp_path, "root-token", "revoke", str(row)).returncode == 0
    (line,) = refused(serve(tmp_path, JETON_ROOT_TOKEN=token), 1)
    assert "was revoked" in line
    assert token not in line
