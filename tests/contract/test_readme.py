"""README.md is true: its examples run."""

from pathlib import Path

from tests.contract.readme import README, replay
from tests.live import Server

LONGEST = 150


def test_the_examples_answer_what_the_readme_says(tmp_path: Path) -> None:
    """Each command prints the answer below it, but for ids, secrets and times."""
    server = Server(tmp_path).start()
    assert replay(README, server) >= 16
    server.stop()


def test_the_readme_is_short() -> None:
    """A newcomer reads at most 150 lines."""
    assert len(README.read_text().splitlines()) <= LONGEST
