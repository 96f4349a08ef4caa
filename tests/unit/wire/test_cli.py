"""The `jeton` command, as an operator types it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from handlers.wire.cli import main
from handlers.wire.keys import decode_keys
from tests.actors import ACTORS, Actor, Caller
from tests.faults.processes import migrate, refused, write_lock
from tests.live import Server, new_project_id, run_jeton

Ended = subprocess.CompletedProcess[str]


def commands(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    """Every command and group below a group, as words."""
    yield before
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield (*before, name)


def printed(ended: Ended) -> str:
    """What a command printed that did what it was asked."""
    assert ended.returncode == 0, (ended.stdout, ended.stderr)
    return ended.stdout


@pytest.mark.parametrize(
    "words", list(commands(main)), ids=lambda words: " ".join(words) or "jeton"
)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    """`--help` and `-h` say what a command does and exit with 0."""
    for option in ("--help", "-h"):
        result = CliRunner().invoke(main, [*words, option])
        assert result.exit_code == 0
        usage, _, rest = result.output.partition("\n\n")
        assert usage.startswith("Usage: ")
        assert rest.strip()


@pytest.mark.parametrize(
    "words",
    [["bogus"], ["project", "create"], ["token", "list", "p", "--kind", "root"], ["config", "x"]],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(words: list[str]) -> None:
    """What cannot be understood is told with the usage."""
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "Usage: " in result.output


def test_nothing_works_before_the_database_is_made(tmp_path: Path) -> None:
    """On an empty folder each command names the one that comes first, and makes nothing."""
    (line,) = refused(run_jeton(tmp_path, "project", "list"), 1)
    assert "Run `jeton migrate`" in line
    assert list(tmp_path.iterdir()) == []
    assert printed(migrate(tmp_path)).startswith("applied 0001_")
    assert printed(migrate(tmp_path)) == "up to date\n"


def test_a_legacy_project_lives_and_dies(tmp_path: Path) -> None:
    """Ids that `/v1` refuses are made here; names twice, wrong ids and unknown ones are told."""
    migrate(tmp_path)
    made = json.loads(printed(run_jeton(tmp_path, "project", "create", "default", "--json")))
    assert (made["id"], made["name"]) == ("default", "default")
    (line,) = refused(run_jeton(tmp_path, "project", "create", "default"), 1)
    assert "already exists" in line
    assert run_jeton(tmp_path, "project", "create", "a/b").returncode == 2
    assert json.loads(printed(run_jeton(tmp_path, "project", "list", "--json"))) == [made]
    assert printed(run_jeton(tmp_path, "project", "delete", "default", "--yes")) == (
        "deleted default, revoked 0 tokens\n"
    )
    (line,) = refused(run_jeton(tmp_path, "project", "delete", "default", "--yes"), 1)
    assert line == "Error: Project not found"


def test_a_project_is_deleted_only_after_a_yes(server: Server, root: Caller, project: str) -> None:
    """Without `--yes` and without an answer nothing is deleted; with it, its tokens die."""
    secrets = [actor.secret(actor.mint(root, project)) for actor in ACTORS]
    assert server.jeton("project", "delete", project).returncode == 1
    assert root("GET", f"/v1/projects/{project}").status_code == 200
    assert "revoked 3 tokens" in printed(server.jeton("project", "delete", project, "--yes"))
    statuses = [Caller(server.url, secret)("GET", "/v1/self").status_code for secret in secrets]
    assert statuses == [401, 401, 401]


def test_a_table_is_for_people(server: Server, root: Caller, project: str) -> None:
    """Columns have a head and are as wide as their widest cell; an empty table says none."""
    empty = server.jeton("token", "list", project)
    assert (printed(empty), empty.stderr) == ("", "none\n")
    ACTORS[1].mint(root, project)
    head, row = printed(server.jeton("token", "list", project)).splitlines()
    assert head.split()[:4] == ["ID", "KIND", "STATE", "NAME"]
    assert row[head.index("KIND") :].startswith("api ")
    assert row[head.index("NAME") :].startswith("some-user ")


def test_a_token_is_listed_without_its_secret_and_revoked(
    actor: Actor, server: Server, root: Caller, project: str
) -> None:
    """The command sees what each dialect mints, never the secret, and ends it at once."""
    secret = actor.secret(actor.mint(root, project))
    listed = printed(server.jeton("token", "list", project, "--json"))
    (token,) = json.loads(listed)
    assert token["project"] == project
    assert secret not in listed
    assert printed(server.jeton("token", "revoke", token["id"])) == f"revoked {token['id']}\n"
    assert Caller(server.url, secret)("GET", "/v1/self").status_code == 401
    (line,) = refused(server.jeton("token", "revoke", token["id"]), 1)
    assert line == "Error: It is dead."


def test_a_root_token_is_printed_once_and_revoked(server: Server) -> None:
    """The new token is a root credential until it is revoked; lists have no secret."""
    made = server.jeton("root-token", "create", "--name", "deploy", "--json")
    token = json.loads(printed(made))
    assert Caller(server.url, token["token"])("GET", "/v1/self").json()["kind"] == "root"
    listed = printed(server.jeton("root-token", "list", "--json"))
    assert (token["id"] in listed, token["token"] in listed) == (True, False)
    printed(server.jeton("root-token", "revoke", token["id"]))
    assert Caller(server.url, token["token"])("GET", "/v1/self").status_code == 401


def test_settings_are_shown_without_secrets(tmp_path: Path) -> None:
    """`config` prints every setting in effect and no token, key or password."""
    settings = {
        "JETON_ROOT_TOKEN": "hush" * 6,
        "JETON_DATABASE_URL": "postgresql://user:hush-password@host/name",
        "JETON_REDIS_URL": "redis://:hush@host",
        "JETON_WORKERS": "7",
    }
    table = printed(run_jeton(tmp_path, "config", **settings))
    shown = json.loads(printed(run_jeton(tmp_path, "config", "--json", **settings)))
    assert "hush" not in table + str(shown)
    assert shown["JETON_WORKERS"] == 7
    assert [line.split()[0] for line in table.splitlines()[1:]] == list(shown)


def test_a_locked_database_is_told_in_one_line(tmp_path: Path) -> None:
    """A command that cannot get its turn to write says why, without a traceback."""
    migrate(tmp_path)
    with write_lock(tmp_path / "data" / "jeton.db"):
        (line,) = refused(run_jeton(tmp_path, "project", "create", new_project_id()), 1)
    assert "locked" in line


def test_a_new_key_is_printed(tmp_path: Path) -> None:
    """Each key is 32 bytes that no other is, and needs no database."""
    keys = [printed(run_jeton(tmp_path, "keys", "generate")).strip() for _ in range(2)]
    assert [len(decode_keys(key)[0]) for key in keys] == [32, 32]
    assert keys[0] != keys[1]
