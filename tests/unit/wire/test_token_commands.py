"""`jeton token`, `events` and `root-token`: tables for people, JSON for scripts, and exit codes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handlers.wire.cli import main
from handlers.wire.keys import encode_key
from models.database import database, session
from models.minting import Minted
from models.store import Policy, open_store
from models.verification import Needs, verify
from tests.live import new_project_id
from tests.unit.models.stores import KEY, expire, mint_api, mint_project

NOBODY = "019a0b5e-7c1d-7a2b-9c3d-4e5f60718293"


@dataclass
class Terminal:
    """Where an operator types `jeton`, and a project to type it for."""

    environment: dict[str, str]
    project: str = ""

    def type(self, *words: str, **settings: str) -> Result:
        """Run the command in this process."""
        result = CliRunner().invoke(main, words, env={**self.environment, **settings})
        database.obj.close_all()
        return result

    def done(self, *words: str, **settings: str) -> str:
        """What a command printed that did what it was asked."""
        result = self.type(*words, **settings)
        assert result.exit_code == 0, result.output
        return result.stdout

    def read(self, *words: str, **settings: str) -> Any:
        """What a command printed in JSON."""
        return json.loads(self.done(*words, "--json", **settings))

    def refused(self, *words: str, **settings: str) -> tuple[int, str]:
        """The exit code of a command that failed, and what it said of it in one line."""
        result = self.type(*words, **settings)
        (line,) = result.stderr.splitlines()
        assert result.stdout == ""
        return result.exit_code, line

    def mint(self, name: str = "web", role: str | None = None) -> Minted:
        """A new token of the project: of the API, or with a role."""
        open_store(self.environment["JETON_DATABASE_URL"], [KEY], Policy())
        with session():
            return mint_project(self.project, role, name) if role else mint_api(self.project, name)

    def reason(self, secret: str) -> str:
        """The verdict on a secret."""
        open_store(self.environment["JETON_DATABASE_URL"], [KEY], Policy())
        with session():
            return verify(secret, Needs()).reason


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of one migrated store that all these tests share."""
    url = f"sqlite:///{tmp_path_factory.mktemp('commands') / 'jeton.db'}"
    settings = {"JETON_DATABASE_URL": url, "JETON_SECRET_KEYS": encode_key(KEY)}
    assert Terminal(settings).done("migrate").startswith("applied 0001_")
    return settings


@pytest.fixture
def terminal(migrated: dict[str, str]) -> Iterator[Terminal]:
    """A terminal, and a new project."""
    typed = Terminal(migrated, new_project_id())
    typed.done("project", "create", typed.project)
    yield typed
    database.obj.close_all()


def facts(table: str) -> dict[str, str]:
    """The names and values of lines for people."""
    return dict(line.split(maxsplit=1) for line in table.splitlines())


def test_a_token_is_shown_in_whatever_state(terminal: Terminal) -> None:
    """A line for each fact, or JSON; no secret."""
    minted = terminal.mint()
    shown = terminal.read("token", "show", minted.token.id)
    assert (shown["name"], shown["state"], shown["project"]) == ("web", "active", terminal.project)
    table = terminal.done("token", "show", minted.token.id)
    told = facts(table)
    assert (told["id"], told["state"]) == (minted.token.id, "active")
    assert minted.secret not in table + str(shown)
    terminal.done("project", "delete", terminal.project, "--yes")
    dead = terminal.read("token", "show", minted.token.id)
    assert (dead["state"], dead["project"]) == ("revoked", terminal.project)


def test_a_rotated_token_is_printed_once(terminal: Terminal) -> None:
    """The secret alone, for scripts that take it as it is, or with the token in JSON."""
    minted = terminal.mint()
    terms = ("--grace", "60", "--expires", "2090-01-01T00:00:00Z")
    secret = terminal.done("token", "rotate", minted.token.id, *terms).strip()
    assert [terminal.reason(each) for each in (minted.secret, secret)] == ["valid", "valid"]
    told = terminal.read("token", "rotate", terminal.mint("other").token.id)
    assert terminal.reason(told["secret"]) == "valid"
    assert (told["token"]["name"], told["token"]["state"]) == ("other", "active")
    listed = terminal.read("token", "list", terminal.project)
    assert "2090-01-01T00:00:00.000Z" in {token["expiresAt"] for token in listed}


def test_a_token_is_suspended_resumed_and_revoked(terminal: Terminal) -> None:
    """Each says what it did, and that it cannot be done again where it cannot."""
    minted = terminal.mint()
    token = minted.token.id
    assert terminal.done("token", "suspend", token) == f"suspended {token}\n"
    assert terminal.reason(minted.secret) == "suspended"
    assert terminal.done("token", "resume", token) == f"resumed {token}\n"
    assert terminal.reason(minted.secret) == "valid"
    assert terminal.done("token", "revoke", token, "--reason", "lost") == f"revoked {token}\n"
    assert terminal.read("token", "show", token)["endReason"] == "lost"
    for verb in ("suspend", "resume", "revoke", "rotate"):
        assert terminal.refused("token", verb, token) == (1, "Error: It is dead.")


@pytest.mark.parametrize("verb", ["show", "rotate", "suspend", "resume", "revoke"])
def test_a_token_that_is_not_there_is_told_with_1(terminal: Terminal, verb: str) -> None:
    """As is one whose name is no id."""
    for name in (NOBODY, "nonsense"):
        assert terminal.refused("token", verb, name) == (1, "Error: Token not found")


def test_lists_show_the_living_unless_asked(terminal: Terminal) -> None:
    """`--state` picks another state, or all."""
    names = ("alive", "gone", "late", "still")
    minted = {name: terminal.mint(name) for name in names}
    terminal.done("token", "revoke", minted["gone"].token.id)
    terminal.done("token", "suspend", minted["still"].token.id)
    with session():
        expire(minted["late"])

    def listed(*options: str) -> dict[str, str]:
        found = terminal.read("token", "list", terminal.project, *options)
        return {token["name"]: token["state"] for token in found}

    everything = {"alive": "active", "gone": "revoked", "late": "expired", "still": "suspended"}
    assert listed() == {"alive": "active", "still": "suspended"}
    assert listed("--state", "all") == everything
    for name, state in everything.items():
        assert listed("--state", state) == {name: state}
    assert listed("--state", "all", "--kind", "project") == {}
    head, *rows = terminal.done("token", "list", terminal.project, "--state", "all").splitlines()
    assert [row[head.index("STATE") :].split()[0] for row in rows] == list(everything.values())


def test_the_dead_are_purged(terminal: Terminal) -> None:
    """By either name of the command; what happened is still told."""
    for words in (("token", "purge"), ("purge",)):
        token = terminal.mint().token.id
        terminal.done("token", "revoke", token)
        assert terminal.done(*words, "--days", "0").endswith(" tokens\n")
        assert terminal.refused("token", "show", token)[0] == 1
        events = terminal.read("events", "--token", token)
        assert [each["action"].partition(".")[2] for each in events] == [
            "purged", "revoked", "minted"
        ]  # fmt: skip


def test_events_are_filtered(terminal: Terminal) -> None:
    """By project, token, actor, action and time; newest first."""
    token = terminal.mint().token.id
    terminal.done("token", "suspend", token)
    in_project = ("--project", terminal.project)

    def actions(*options: str) -> list[str]:
        return [each["action"] for each in terminal.read("events", *in_project, *options)]

    assert actions() == ["token.suspended", "token.minted", "project.created"]
    assert actions("--actor", "jeton") == ["token.suspended", "project.created"]
    assert actions("--token", token, "--action", "token.minted") == ["token.minted"]
    assert actions("--limit", "1") == ["token.suspended"]
    at = terminal.read("events", *in_project, "--limit", "1")[0]["at"]
    assert "token.suspended" in actions("--since", at)
    assert "token.suspended" not in actions("--until", at)
    assert actions("--since", "2090-01-01T00:00:00+02:00") == []
    head, row = terminal.done("events", "--token", token, "--actor", "jeton").splitlines()
    assert head.split() == ["AT", "ACTION", "PROJECT", "TOKEN", "BY", "FROM"]
    assert row.split()[1:] == ["token.suspended", terminal.project, token, "jeton", "-"]


BAD_INPUT = [
    (["events", "--since", "yesterday"], "'--since': Timestamp must be a date-time, as in"),
    (["events", "--until", "2027-01-31"], "'--until': Timestamp must be a date-time, as in"),
    (["events", "--actor", ""], "'--actor': Issuer must be between 1 and 100 characters"),
    (["events", "--token", "nonsense"], "'--token': Token id"),
    (["events", "--action", "Minted!"], "'--action': Event action must match"),
    (["events", "--project", "a/b"], "'--project': Any project id must match"),
    (["token", "rotate", NOBODY, "--expires", "2027"], "'--expires': Timestamp must be"),
    (["root-token", "create", "--expires", "soon"], "'--expires': Timestamp must be"),
    (
        ["events", "--since", "2027-01-02T00:00:00Z", "--until", "2027-01-01T00:00:00Z"],
        "'--since' must be before '--until'.",
    ),
]


@pytest.mark.parametrize(("words", "told"), BAD_INPUT, ids=lambda value: str(value)[:40])
def test_bad_input_is_told_in_one_line_with_2(
    terminal: Terminal, words: list[str], told: str
) -> None:
    """The option is named, and what it must be like."""
    code, line = terminal.refused(*words)
    assert (code, line.startswith(f"Error: {told}")) == (2, True), line


@pytest.mark.parametrize(
    "words", [["list", "p", "--state", "dead"], ["rotate", "x", "--grace", "-1"], ["show"]]
)
def test_wrong_usage_is_told_with_2(terminal: Terminal, words: list[str]) -> None:
    """With the usage."""
    result = terminal.type("token", *words)
    assert (result.exit_code, "Usage: " in result.stderr) == (2, True)


def test_what_a_rotation_cannot_do_is_told_with_1(terminal: Terminal) -> None:
    """An expiry in the past, and more grace than is allowed."""
    token = terminal.mint().token.id
    late = terminal.refused("token", "rotate", token, "--expires", "2001-01-01T00:00:00Z")
    assert late == (1, "Error: A token must expire in the future, within 100 years.")
    grace = terminal.refused("token", "rotate", token, "--grace", "9000", JETON_MAX_GRACE_HOURS="2")
    assert grace == (1, "Error: At most 7200 seconds.")


def test_a_root_token_lives_as_long_as_any_other_may(terminal: Terminal) -> None:
    """For ever where no setting says otherwise."""
    made = terminal.read("root-token", "create", "--name", "ever")
    assert (made["expiresAt"], made["state"]) == (None, "active")
    two_days = {"JETON_MAX_LIFETIME_DAYS": "2"}
    limited = terminal.read("root-token", "create", "--name", "limited", **two_days)
    assert limited["expiresAt"] is not None
    late = ("root-token", "create", "--expires", "2090-01-01T00:00:00Z")
    assert terminal.refused(*late, **two_days) == (1, "Error: At most 172800 seconds of life.")
    assert terminal.read(*late)["expiresAt"] == "2090-01-01T00:00:00.000Z"
    terminal.done("root-token", "revoke", made["id"])
    names = {token["name"] for token in terminal.read("root-token", "list")}
    assert "limited" in names
    assert "ever" not in names
    dead = terminal.read("root-token", "list", "--state", "revoked")
    assert [token["name"] for token in dead] == ["ever"]
