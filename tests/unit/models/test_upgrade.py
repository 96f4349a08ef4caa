"""Upgrades: a database of an older version, full of tokens, loses nothing."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from playhouse.schema_diff import diff_models

from models import life, rotation, schema
from models.database import database, session
from models.failures import TokenNameTaken
from models.listing import Filter, list_page
from models.rotation import Terms
from models.secrets import Keyring, new_row_id
from models.store import Policy, open_store
from models.token import find_by_secret, milliseconds
from models.verification import Needs, verify
from tests.unit.models.stores import KEY, ROOT, mint_api, raised, secret_of

PROJECT, MANY = "demo-project", 300
OLDER, *LATER = sorted(path.stem for path in schema.MIGRATIONS.glob("0*.py"))
ENDED = {"revoked": 1_500, "replaced": 1_600, "expired": 1_700}
# The columns of the token table as they were, in order.
COLUMNS = (
    "id, kind, project_id, name, digest, sealed, key_id, fingerprint, shown, hint, type, role, "
    "environment, brokers, issuer, created_at, expires_at, last_used_at, ended_at, end_reason"
)


def rows(table: str, columns: str) -> list[tuple[Any, ...]]:
    """What a table holds, as plain values."""
    found = database.execute_sql(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()
    return [
        tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)
        for row in found
    ]


def insert(table: str, **row: Any) -> None:
    """Write a row as the older version did."""
    mark = database.obj.param
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join([mark] * len(row))})"
    database.execute_sql(sql, tuple(row.values()))


def write_token(secret: str, **more: Any) -> None:
    """Write a token of the older version, of which this is the secret."""
    keyring, row = Keyring([KEY]), new_row_id()
    plain = {
        "id": row,
        "kind": "api",
        "project_id": PROJECT,
        "name": secret,
        "digest": keyring.digest(secret),
        "sealed": keyring.seal(secret, row),
        "key_id": keyring.newest.id.hex(),
        "fingerprint": keyring.fingerprint(secret),
        "shown": "",
        "hint": secret[-4:],
        "type": "backend",
        "environment": "default",
        "issuer": "somebody",
        "created_at": 1_000,
    }
    insert("token", **{**plain, **more})


def fill() -> None:
    """Everything that a database of the older version could hold."""
    insert("project", id=PROJECT, name="Demo", created_at=1)
    insert("project", id="gone-project", name="Gone", created_at=2, deleted_at=3)
    for number in range(MANY):
        write_token(f"live-{number:03}", last_used_at=number, brokers='["east"]')
    for reason, at in ENDED.items():  # all of one name, which was freed each time
        write_token(f"dead-{reason}", name="live-000", ended_at=at, end_reason=reason)
    write_token("over", expires_at=2_000)
    write_token("later", expires_at=milliseconds() + 10**9)
    write_token("share", kind="share", name="public-share")
    write_token("root", kind="root", project_id=None, role="root")
    event = {"at": 1, "action": "token.minted", "actor_id": "somebody", "actor_name": "somebody"}
    for _ in range(MANY):
        insert("event", id=new_row_id(), **event)
    insert("sealing_key", id=Keyring([KEY]).newest.id.hex(), first_used_at=1)


@pytest.fixture
def upgraded(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What was in each table of an older database before and after it was brought up to date."""
    tables = {"token": COLUMNS, "event": "*", "sealing_key": "*"}
    tables["project"] = "id, name, created_at, deleted_at"
    open_store(url, [KEY], Policy())
    (tmp_path / "older").mkdir()
    shutil.copy(schema.MIGRATIONS / f"{OLDER}.py", tmp_path / "older")
    with monkeypatch.context() as older:
        older.setattr(schema, "MIGRATIONS", tmp_path / "older")
        assert schema.prepare() == [OLDER]
    with session():
        fill()
        before = {table: rows(table, columns) for table, columns in tables.items()}
    assert schema.prepare() == LATER
    with session():
        yield before, {table: rows(table, columns) for table, columns in tables.items()}
    database.close_all()


def test_nothing_is_lost(upgraded: Any) -> None:
    """Every row of every table is there with all that it held; the schema is that of the models."""
    before, after = upgraded
    assert before == after
    assert {table: len(held) for table, held in after.items()} == {
        "token": MANY + len(ENDED) + 4,
        "event": MANY,
        "sealing_key": 1,
        "project": 2,
    }
    assert not diff_models(database.obj, schema.TABLES)


def test_every_token_is_what_it_was(upgraded: Any) -> None:
    """The good are good, the dead are dead, and secrets can still be shown."""
    good = [f"live-{number:03}" for number in range(MANY)] + ["later", "share", "root"]
    for secret in good:
        assert verify(secret, Needs()).valid
        token = find_by_secret(secret)
        assert token is not None
        assert secret_of(token) == secret
    assert verify("over", Needs()).reason == "expired"
    for reason in ENDED:
        told = reason if reason == "expired" else "revoked"
        assert verify(f"dead-{reason}", Needs()).reason == told


def test_every_token_has_its_state(upgraded: Any) -> None:
    """Lists tell of the tokens of before as of those of today."""
    found = list_page(PROJECT, Filter(), order="created", after=None, limit=2 * MANY)
    states = [listed.state for listed in found]
    expected = {"active": MANY + 2, "revoked": 2, "expired": 2}
    assert {state: states.count(state) for state in set(states)} == expected


def test_a_name_is_taken_as_before_and_a_token_is_rotated(upgraded: Any) -> None:
    """The index of living names holds, and lets a rotated token keep its own."""
    assert isinstance(raised(lambda: mint_api(PROJECT, "live-001")), TokenNameTaken)
    old = find_by_secret("live-001")
    assert old is not None
    new = rotation.rotate(old, Terms(60), by=ROOT)
    assert verify("live-001", Needs()).valid
    assert verify(new.secret, Needs()).valid
    assert isinstance(raised(lambda: mint_api(PROJECT, "live-001")), TokenNameTaken)
    life.revoke(PROJECT, "api", new.token.id, by=ROOT)
    mint_api(PROJECT, "live-001")
