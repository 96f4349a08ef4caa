"""Query plans: no request reads all of a table, however large it has grown."""

import gc
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import models
from handlers.wire.contract import Operation
from models import resealing
from models.database import connect, database
from models.last_used import FLUSH_SECONDS
from models.prepared import Prepared
from models.secrets import Keyring
from tests.bench import bulk
from tests.conftest import DATABASES, need
from tests.databases import new_database
from tests.live import Server
from tests.planting import named
from tests.unit.models.asking import Asker, asking, variations
from tests.unit.models.statements import full_scans, record, recorded
from tests.unit.models.stores import KEY

PROJECTS, TOKENS = 20, 100
# What walks along an index from its end and stops at the page, or counts what is few.
ALLOWED = {
    r"SELECT 1 FROM project LIMIT 1": "the first row there is",
    r"\"event\" AS \"t1\" LEFT [^)]*\) ORDER BY \"t1\".\"id\" DESC LIMIT": "the newest page of all "
    "events",
    r"\"event\" .* WHERE \(\"t1\".\"(action|actor_id|at)\" (=|<) [^)]*\) ORDER": "root's search "
    "in the events of all projects, newest first, which ends with a full page",
    r"^WITH RECURSIVE \"minted\"": "what a token minted, and what that minted, may be all there is",
    r"COUNT\(\"t1\".\"id\"\) FROM \"project\"": "all projects are counted, which are limited",
}


@dataclass
class Asked:
    """The statements of a server that was asked everything: for each, the operation it was for."""

    url: str
    statements: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=DATABASES)
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    """Every operation, asked of a store with thousands of tokens and events."""
    need(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    file = folder / "statements"
    planted = {"PLANTED": named(record), "STATEMENTS": str(file)}
    with new_database(request.param, folder) as url:
        server = Server(folder, JETON_DATABASE_URL=url, JETON_WORKERS="1", **planted).start()
        try:
            bulk.write(url, *_many(), lambda _: None)
            with closing(Asker(server)) as asker:
                found = _everything(Asked(url), asker, file)
            yield found
        finally:
            server.stop()


def test_every_operation_was_asked_with_success(asked: Asked) -> None:
    """What fails early would not have run all its statements."""
    assert asked.failed == []


def test_every_prepared_query_was_run(asked: Asked) -> None:
    """A query that is built once and that no operation here has run would have no plan."""
    connect(asked.url)
    try:
        shapes = [_pattern(prepared._compile()[0]) for prepared in _prepared()]
    finally:
        database.close_all()
    unseen = [each.pattern for each in shapes if not any(map(each.fullmatch, asked.statements))]
    assert shapes
    assert not unseen


@pytest.mark.parametrize("analysed", [False, True], ids=["without statistics", "analysed"])
def test_no_request_reads_all_of_a_table(asked: Asked, analysed: bool) -> None:
    """Every statement finds its rows by an index, but for those that are listed with a reason."""
    scans = full_scans(asked.url, [*asked.statements], analysed=analysed)
    unforeseen = {
        f"{asked.statements[statement]}: {statement}": scan
        for statement, scan in scans.items()
        if not any(re.search(known, statement) for known in ALLOWED)
    }
    assert unforeseen == {}


def test_every_exception_is_in_use(asked: Asked) -> None:
    """Each line of the list is needed."""
    scans = full_scans(asked.url, [*asked.statements], analysed=False)
    assert all(any(re.search(known, each) for each in scans) for known in ALLOWED)


def _everything(asked: Asked, asker: Asker, file: Path) -> Asked:
    read = asker.scene()
    _note(asked, "start", file)
    for operation in asking():
        for query in variations(operation):
            scene = read if operation.method == "GET" else asker.scene()
            _ask(asked, asker, operation, scene, query)
            _note(asked, operation.id, file)
    asker.live_a_life(asker.scene())
    time.sleep(2 * FLUSH_SECONDS)
    _note(asked, "the life of a token, and what is written each second", file)
    return asked


def _ask(
    asked: Asked, asker: Asker, operation: Operation, scene: object, query: dict[str, str]
) -> None:
    """With the page behind it, where there is one."""
    answer = asker.ask(operation, scene, **query)  # type: ignore[arg-type]
    if answer.is_error and "is good, but not for this" not in answer.text:
        asked.failed.append(f"{operation.id} {query}: {answer.status_code} {answer.text}")
    if cursor := _next(answer.content) if "limit" in query else None:
        asker.ask(operation, scene, **query, cursor=cursor)  # type: ignore[arg-type]


def _next(content: bytes) -> str | None:
    found = re.search(rb'"nextCursor":"([^"]+)"', content)
    return found[1].decode() if found else None


def _note(asked: Asked, operation: str, file: Path) -> None:
    for statement in recorded(file):
        # A start asks for the tables there are, too, and for the few keys that ever wrote.
        if operation != "start" or '"token"' in statement:
            asked.statements.setdefault(statement, operation)


def _many() -> tuple[list[str], Iterator[bulk.Made]]:
    projects, keyring = [f"many-{number}" for number in range(PROJECTS)], Keyring([KEY])
    return projects, (
        bulk.make(keyring, project, "api", f"token-{number}")
        for project in projects
        for number in range(TOKENS)
    )


def _prepared() -> list[Prepared]:
    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"models.{module.name}")
    commands = {id(each) for each in vars(resealing).values()}
    found = [each for each in gc.get_objects() if type(each) is Prepared]
    return [each for each in found if id(each) not in commands]


def _pattern(sql: str) -> re.Pattern[str]:
    """The statement with anything in the place of each parameter."""
    return re.compile(".+?".join(map(re.escape, re.split(r"\?|%s", sql))), re.DOTALL)
