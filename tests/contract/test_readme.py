"""README.md is true: its examples run, its settings are the program's."""

from pathlib import Path

from handlers.wire.effective import settings_table
from tests.contract.readme import README, examples, learned, parsed, run, steady
from tests.live import ROOT_TOKEN, Server

LONGEST = 150


def test_the_examples_answer_what_the_readme_says(tmp_path: Path) -> None:
    """Each command prints the answer below it, but for ids, secrets and times."""
    server = Server(tmp_path).start()
    values = {"http://127.0.0.1:8080": server.url, "$ROOT": ROOT_TOKEN}
    shown = list(examples())
    assert len(shown) >= 16
    for command, expected in shown:
        for said, real in values.items():
            command = command.replace(said, real)
        actual = run(command, tmp_path).replace(server.url, "http://127.0.0.1:8080")
        assert parsed(steady(actual)) == parsed(steady(expected)), command
        values |= learned(expected, actual)
    server.stop()


def test_the_settings_of_the_readme_are_those_of_the_program() -> None:
    """The table in README.md is the one that the settings make."""
    assert settings_table() in README.read_text()


def test_the_readme_is_short() -> None:
    """A newcomer reads at most 150 lines."""
    assert len(README.read_text().splitlines()) <= LONGEST
