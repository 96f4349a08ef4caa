"""Wrong settings: all of them named at once, nothing started, no value told."""

from pathlib import Path

import pytest

from tests.faults.processes import PROGRAMS, Program, migrate, refused, serve

WRONG = {
    "JETON_BIND": "hush-nowhere",
    "JETON_DATABASE_URL": "mysql://user:hush-password@host/name",
    "JETON_ROOT_TOKEN": "hush-of-23-characters-x",
    "JETON_SECRET_KEYS": "hush-no-key",
    "JETON_WORKERS": "hush-none",
    "JETON_RATE_LIMIT": "hush-often",
    "JETON_REDIS_URL": "http://:hush-password@host",
    "JETON_LOG_LEVEL": "hush-loud",
    "JETON_MAX_PROJECTS": "0",
    "JETON_MAX_TOKENS_PER_PROJECT": "-1",
    "JETON_ENVIRONMENTS": "hush/slash",
    "JETON_SHOW_SECRETS": "hush-maybe",
    "JETON_PUBLIC_URL": "ftp://hush",
}
USELESS = {
    "a port past the last": {"JETON_BIND": "127.0.0.1:65536"},
    "a socket without a path": {"JETON_BIND": "unix:"},
    "a file without a name": {"JETON_DATABASE_URL": "sqlite:///"},
    "a database in memory": {"JETON_DATABASE_URL": "sqlite:///:memory:"},
    "a stray percent sign": {"JETON_DATABASE_URL": "postgresql://user:hush%hush@host/name"},
    "a root token that no header can carry": {"JETON_ROOT_TOKEN": " " + "hush" * 6},
}


@pytest.fixture(params=PROGRAMS, ids=list(PROGRAMS))
def program(request: pytest.FixtureRequest) -> Program:
    """The server and the command in turn."""
    return PROGRAMS[request.param]


def test_every_wrong_setting_is_named_at_once(program: Program, tmp_path: Path) -> None:
    """One start tells of all that is wrong, a line each, and quotes no value."""
    lines = refused(program(tmp_path, **WRONG), 2)
    assert sorted(line.split(": ")[1] for line in lines) == sorted(WRONG)
    assert "hush" not in "\n".join(lines)
    assert list(tmp_path.iterdir()) == []


def test_a_rule_about_two_settings_is_named_beside_the_others(tmp_path: Path) -> None:
    """A rate limit below one request a worker is told even if another setting is wrong."""
    wrong = {"JETON_RATE_LIMIT": "1/minute", "JETON_WORKERS": "4", "JETON_LOG_LEVEL": "loud"}
    named = {line.split(": ")[1] for line in refused(migrate(tmp_path, **wrong), 2)}
    assert named == {"JETON_RATE_LIMIT", "JETON_LOG_LEVEL"}


def test_a_misspelt_setting_is_named(program: Program, tmp_path: Path) -> None:
    """A JETON_ variable that nothing reads stops the start instead of being ignored."""
    (line,) = refused(program(tmp_path, JETON_WROKERS="3"), 2)
    assert "JETON_WROKERS" in line
    assert list(tmp_path.iterdir()) == []


def test_a_short_root_token_is_refused(tmp_path: Path) -> None:
    """A root token of 23 characters stops the start, with the rule and without the token."""
    (line,) = refused(serve(tmp_path, JETON_ROOT_TOKEN=WRONG["JETON_ROOT_TOKEN"]), 2)
    assert "JETON_ROOT_TOKEN" in line
    assert "24" in line
    assert WRONG["JETON_ROOT_TOKEN"] not in line


@pytest.mark.parametrize("settings", USELESS.values(), ids=list(USELESS))
def test_a_setting_that_can_never_work_is_a_wrong_one(
    settings: dict[str, str], tmp_path: Path
) -> None:
    """What no machine could serve with is refused before anything is made."""
    (line,) = refused(serve(tmp_path, **settings), 2)
    assert next(iter(settings)) in line
    assert "hush" not in line
    assert list(tmp_path.iterdir()) == []
