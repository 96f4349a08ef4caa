"""README.md is true: its examples run."""

from pathlib import Path

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


def test_the_readme_is_short() -> None:
    """A newcomer reads at most 150 lines."""
    assert len(README.read_text().splitlines()) <= LONGEST
