"""Settings: read from the environment, checked, shown without their secrets."""

import os
import stat
from pathlib import Path

import pytest

from handlers.wire import config, effective, keys, start
from handlers.wire.config import Settings, WrongSettings

KEYS = [bytes([number]) * 32 for number in range(2)]
WRONG = {
    "BIND": ["", "8080", ":8080", "host:", "host:http", "unix"],
    "DATABASE_URL": ["", "jeton.db", "sqlite:/jeton.db", "mysql://host/name", "postgres"],
    "ROOT_TOKEN": ["", "x" * 23, "x" * 501, "é" * 24, "x" * 24 + "\n"],
    "SECRET_KEYS": ["", ",", "x", "A" * 43, keys.encode_key(KEYS[0]) + ",x"],
    "WORKERS": ["", "0", "65", "2.5", "two"],
    "RATE_LIMIT": ["", "0/minute", "many", "600", "600/fortnight", "OFF"],
    "REDIS_URL": ["", "host:6379", "http://host"],
    "LOG_LEVEL": ["", "loud", "critical"],
    "MAX_PROJECTS": ["", "0", "-1", "many"],
    "MAX_TOKENS_PER_PROJECT": ["", "0", "-1", "many"],
    "ENVIRONMENTS": ["a/b", "ok,*", "a" * 101],
    "SHOW_SECRETS": ["", "never", "Always"],
    "MAX_LIFETIME_DAYS": ["", "0", "-1", "36501", "1.5", "ever"],
    "MAX_GRACE_HOURS": ["", "-1", "8761", "0.5", "none"],
    "PURGE_DAYS": ["", "0", "-1", "36501", "never"],
    "PUBLIC_URL": ["", "jeton.example.com", "ftp://jeton.example.com"],
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(config.PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Settings:
    """The settings that the environment names."""
    for name, value in settings.items():
        monkeypatch.setenv(f"JETON_{name}", value)
    return config.load()


def test_nothing_has_to_be_set() -> None:
    """The defaults serve one machine from one file, and each is valid as a setting."""
    settings = config.load()
    assert settings.bind == "127.0.0.1:8080"
    assert settings.database_url.get_secret_value() == "sqlite:///data/jeton.db"
    assert settings.policy.environments == ()


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_wrong_value_is_named_and_not_told(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wrong value is one fault under the name of its setting, which does not quote it."""
    with pytest.raises(WrongSettings) as wrong:
        load(monkeypatch, **{name: value})
    (fault,) = wrong.value.faults
    assert fault.startswith(f"JETON_{name}: ")
    assert len(value) < 10 or value not in fault


def test_all_wrong_settings_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown names come first, then a fault for each wrong value."""
    with pytest.raises(WrongSettings) as wrong:
        load(monkeypatch, **{name: values[-1] for name, values in WRONG.items()}, PROT="1")
    named = [fault.split(": ")[0] for fault in wrong.value.faults]
    assert named == ["JETON_PROT", *(f"JETON_{name}" for name in WRONG)]


@pytest.mark.parametrize(
    ("limit", "workers", "share"),
    [("600/minute", "4", 150), ("10/second", "3", 3), ("4 per hour", "4", 1)],
)
def test_workers_share_the_rate_limit(
    limit: str, workers: str, share: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shares of all workers together never exceed the limit."""
    settings = load(monkeypatch, RATE_LIMIT=limit, WORKERS=workers)
    assert settings.worker_limit is not None
    assert settings.whole_limit is not None
    assert settings.worker_limit.amount == share
    assert share * int(workers) <= settings.whole_limit.amount


def test_a_rate_limit_below_one_a_worker_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that would leave a worker nothing to grant is a wrong setting."""
    with pytest.raises(WrongSettings, match=r"JETON_RATE_LIMIT.*each worker"):
        load(monkeypatch, RATE_LIMIT="3/minute", WORKERS="4")


def test_no_rate_limit_is_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """`off` leaves nobody limited."""
    settings = load(monkeypatch, RATE_LIMIT="off")
    assert (settings.whole_limit, settings.worker_limit) == (None, None)


def test_environments_are_named_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spaces around the names and empty names do not count."""
    settings = load(monkeypatch, ENVIRONMENTS=" development, production ,")
    assert settings.policy.environments == ("development", "production")


def test_lives_are_limited_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days and hours are what an operator counts in; by default a token may live for ever."""
    policy = config.load().policy
    told = policy.max_lifetime_seconds, policy.max_grace_seconds, policy.purge_days
    assert told == (None, 7 * 86_400, 30)
    policy = load(monkeypatch, MAX_LIFETIME_DAYS="90", MAX_GRACE_HOURS="0", PURGE_DAYS="1").policy
    told = policy.max_lifetime_seconds, policy.max_grace_seconds, policy.purge_days
    assert told == (90 * 86_400, 0, 1)


def test_keys_come_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several keys are read in their order."""
    given = ", ".join(keys.encode_key(key) for key in KEYS)
    assert load(monkeypatch, SECRET_KEYS=given).keys == KEYS


def test_keys_are_made_once_for_their_owner_alone() -> None:
    """The file of keys is made with mode 0600 and never again."""
    assert start.ensure_keys(config.load())
    made = keys.KEY_FILE.read_text()
    assert stat.S_IMODE(keys.KEY_FILE.stat().st_mode) == 0o600
    assert not start.ensure_keys(config.load())
    assert keys.KEY_FILE.read_text() == made
    assert [len(key) for key in config.load().keys] == [32]


def test_given_keys_make_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the setting has keys, none are made."""
    assert not start.ensure_keys(load(monkeypatch, SECRET_KEYS=keys.encode_key(KEYS[0])))
    assert not keys.KEY_FILE.exists()


def test_secrets_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what is shown to people nor `repr` has a token, a key or a password."""
    settings = load(
        monkeypatch,
        ROOT_TOKEN="hush" * 6,
        SECRET_KEYS=keys.encode_key(KEYS[0]),
        DATABASE_URL="postgresql://user:hush@host/name",
        REDIS_URL="redis://:hush@host",
    )
    for text in (
        str(effective.shown(settings)),
        repr(settings),
        str(settings),
        str(settings.model_dump()),
    ):
        assert "hush" not in text
        assert keys.encode_key(KEYS[0]) not in text
    assert set(effective.shown(settings)) == {
        f"JETON_{name.upper()}" for name in Settings.model_fields
    }


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"BIND": "[::1]:9000"}, "http://[::1]:9000"),
        ({"PUBLIC_URL": "https://jeton.example.com/"}, "https://jeton.example.com"),
    ],
)
def test_links_begin_where_the_world_reaches_us(
    given: dict[str, str], base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public URL without its last slash, or where the server listens."""
    assert load(monkeypatch, **given).public_base == base
