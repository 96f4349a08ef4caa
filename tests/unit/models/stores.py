"""Opened stores on either database, those who call on them, and crowds that do so at once."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from handlers.wire.contract import contract
from models import schema
from models.caller import Caller
from models.database import database, session, writing
from models.documented import secrets_of
from models.event import Event
from models.failures import Failure
from models.life import mint
from models.minting import Draft, Minted
from models.secrets import Keyring
from models.store import Policy, open_store, store
from models.token import Token, TokenRecord, milliseconds, read_token
from tests.live import environment

KEY = bytes(range(32))
NEWER_KEY = bytes(range(32, 64))
HOUR = 3_600_000
PATIENCE_SECONDS = 60
BATCH = 5_000  # a statement has five seconds, also on a machine that is busy
Result = TypeVar("Result")


@dataclass
class OpenedStore:
    """A fresh store: which database it is on, and where."""

    kind: str
    url: str

    def allow(self, **policy: Any) -> None:
        """Let the operator allow something else."""
        store.policy = Policy(**policy)

    def use_keys(self, *keys: bytes) -> None:
        """Configure other keys, newest first."""
        store.keyring = Keyring(keys)


def documented(shape: type[Any], *tokens: TokenRecord) -> list[Any]:
    """What one of the documented APIs tells of tokens."""
    return [shape(*(getattr(token, name) for name in shape._fields)) for token in tokens]


def secret_of(token: TokenRecord) -> str:
    """What the list of a project shows for a secret to those who may mint."""
    (secret,) = secrets_of([token])
    return secret


def migrated(url: str) -> str:
    """The URL of a database that was made and brought up to date."""
    open_store(url, [KEY], Policy())
    schema.prepare()
    return url


@contextmanager
def opened(url: str) -> Iterator[OpenedStore]:
    """A store on a migrated database, with a session; its connections are closed."""
    open_store(url, [KEY], Policy())
    bound = database.obj
    try:
        with session():
            yield OpenedStore(url.partition(":")[0], url)
    finally:
        bound.close_all()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """A SQLite file that another program is writing to."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def caller(role: str, project: str | None = None) -> Caller:
    """A caller of that role, with what the contract lets it do."""
    return Caller(
        token_id=f"token-of-{role}",
        kind="root" if role == "root" else "project",
        name=role,
        project=project,
        permissions=contract.roles[role],
        grants=contract.grants(role),
        address="192.0.2.7",
        request_id="request-1",
    )


ROOT = caller("root")


def mint_api(project: str, name: str = "web", **draft: Any) -> Minted:
    """Mint an API token of a project."""
    options = {"type": "backend", "environment": "default", **draft}
    return mint(project, Draft("api", name, **options), by=ROOT)


def mint_project(project: str, role: str = "viewer", name: str | None = None) -> Minted:
    """Mint a project token of a role."""
    return mint(project, Draft("project", name or role, type="restricted", role=role), by=ROOT)


def mint_crowd(opened: OpenedStore, minter: TokenRecord, count: int) -> None:
    """Write tokens `crowd-0` and so on that a token minted, by the database alone."""
    kept = ("kind", "project_id", "key_id", "fingerprint", "shown", "hint", "created_at")
    digest = {"sqlite": "CAST(i AS BLOB)", "postgresql": "decode(md5(i::text), 'hex')"}[opened.kind]
    for first in range(0, count, BATCH):
        last = min(first + BATCH, count) - 1
        database.execute_sql(
            f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL "
            f"SELECT i + 1 FROM n WHERE i < {last}) "
            f"INSERT INTO token (id, name, issuer, digest, {', '.join(kept)}) "
            f"SELECT 'crowd-' || i, 'crowd-' || i, t.id, {digest}, {', '.join(kept)} "
            f"FROM token AS t, n WHERE t.id = '{minter.id}'"
        )


def expire(minted: Minted) -> None:
    """Let the time of a token be over."""
    rewrite(minted.token, expires_at=milliseconds() - HOUR)


def rewrite(token: TokenRecord, **columns: Any) -> TokenRecord:
    """A token whose row was changed as only time, or another program, could."""
    with writing():
        Token.update(**columns).where(Token.id == token.id).execute()
    return read_token(token.id)


def actions(**where: str | None) -> list[str]:
    """The actions of the events that match, oldest first."""
    query = Event.select(Event.action).order_by(Event.id)
    for column, value in where.items():
        query = query.where(getattr(Event, column) == value)
    return [row[0] for row in query.tuples()]


def live_tokens(project: str) -> int:
    """How many tokens of a project are not ended."""
    return int(Token.select().where(Token.project == project, Token.ended_at.is_null()).count())


def raised(work: Callable[[], object]) -> Exception:
    """What the work raises."""
    try:
        work()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def at_once(*works: Callable[[], Result]) -> list[Result | Failure]:
    """Run each in a thread and a session of its own, started together; what it gave or raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Result]) -> Result | Failure:
        start.wait(PATIENCE_SECONDS)
        with session():
            try:
                return work()
            except Failure as failure:
                return failure

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def processes_at_once(count: int, code: str, *arguments: str) -> list[str]:
    """Run the code in processes of their own, started together; what each of them printed.

    `start()` in the code waits for the others.
    """
    text = f"import sys\ndef start(): print('ready', flush=True); sys.stdin.readline()\n{code}"
    running = [_process(text, *arguments) for _ in range(count)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=PATIENCE_SECONDS) for process in running]
    assert [process.returncode for process in running] == [0] * count, answers
    return [printed.strip() for printed, _ in answers]


def _process(code: str, *arguments: str) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(
        command, env=environment(), stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )
