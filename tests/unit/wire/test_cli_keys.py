"""`jeton keys reseal`: every kept secret moves to the newest key, in as many runs as it takes."""

import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from handlers.wire.keys import encode_key
from models.secrets import Keyring
from tests.faults.processes import migrate, refused, rows, turn, wait_until
from tests.live import environment, run_jeton

OLD, NEW = b"o" * 32, b"n" * 32
TOKENS = 20_000
RESEAL = [sys.executable, "-c", "from handlers.wire.cli import main; main()", "keys", "reseal"]
INSERT = (
    "INSERT INTO token (id, kind, project_id, name, digest, sealed, key_id, fingerprint, shown, "
    "hint, issuer, created_at) VALUES (?, 'api', 'default', ?, ?, ?, ?, '', '', '', 'test', 1)"
)
MOVED = "SELECT count(*) FROM token WHERE substr(sealed, 1, 4) = ?"
BOTH_KEYS = {"JETON_SECRET_KEYS": f"{encode_key(NEW)},{encode_key(OLD)}"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with many tokens under the old key; their names are their secrets."""
    only_old = {"JETON_SECRET_KEYS": encode_key(OLD)}
    migrate(tmp_path, **only_old)
    assert run_jeton(tmp_path, "project", "create", "default", **only_old).returncode == 0
    keyring, file = Keyring([OLD]), tmp_path / "data" / "jeton.db"
    names = [f"token-{number:05}" for number in range(TOKENS)]
    key = keyring.newest.id.hex()
    made = [(name, name, keyring.digest(name), keyring.seal(name, name), key) for name in names]
    with closing(sqlite3.connect(file)) as writer, writer:
        writer.executemany(INSERT, made)
    return file


def moved(database: Path) -> int:
    """How many tokens are under the new key."""
    return int(str(rows(database, MOVED, Keyring([NEW]).newest.id)[0][0]))


def killed_in_the_middle(folder: Path, database: Path) -> str:
    """Start it on a terminal, kill it once it moved some; what the terminal showed."""
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        RESEAL, cwd=folder, env=environment(**BOTH_KEYS), stdout=end, stderr=end
    )
    os.close(end)
    try:
        wait_until(lambda: moved(database), "some are moved")
        with turn(database):  # it waits for us between two batches
            process.kill()
            process.wait()
        return os.read(terminal, 65536).decode()
    finally:
        os.close(terminal)


def test_resealing_survives_being_killed(database: Path, tmp_path: Path) -> None:
    """Killed half-way it has lost nothing; started again it moves the rest, digests too."""
    shown = killed_in_the_middle(tmp_path, database)
    assert "Resealing" in shown
    assert "%" in shown
    assert 0 < moved(database) < TOKENS
    ended = run_jeton(tmp_path, "keys", "reseal", **BOTH_KEYS)
    assert ended.returncode == 0, ended.stderr
    assert moved(database) == TOKENS
    keyring = Keyring([NEW])
    for name, digest, sealed in rows(database, "SELECT name, digest, sealed FROM token"):
        assert keyring.open(bytes(sealed), str(name)) == name  # type: ignore[arg-type]
        assert keyring.digest(str(name)) == digest


def test_a_missing_old_key_is_told(database: Path, tmp_path: Path) -> None:
    """Without the key that a secret is sealed under, it says so in one line and moves nothing."""
    *_, line = refused(run_jeton(tmp_path, "keys", "reseal", JETON_SECRET_KEYS=encode_key(NEW)), 1)
    assert "JETON_SECRET_KEYS" in line
    assert moved(database) == 0
