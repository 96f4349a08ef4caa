"""The plan: what is measured how often, and how long that will take."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.contestants import ALL, DEFAULT, JETON, SCALING, Contestant
from tests.bench.operations import SCALED, TITLES
from tests.conftest import DATABASES
from tests.live import ROOT

BETWEEN_SECONDS = 0.25
STARTS, START_SECONDS = 3, 1.2
PUBLISHED, PRIVATE = ROOT / "docs" / "benchmarks", ROOT / "build" / "bench"


@dataclass(frozen=True)
class Plan:
    """What the options ask for."""

    rounds: int
    seconds: int
    operations: tuple[str, ...]
    databases: tuple[str, ...]
    contestants: tuple[Contestant, ...]
    scaling: tuple[Contestant, ...]
    folder: Path

    @property
    def scaled(self) -> tuple[str, ...]:
        """The operations that are measured with two workers, too."""
        return tuple(name for name in SCALED if name in self.operations) if self.scaling else ()

    @property
    def starts(self) -> int:
        """How often each contestant is started to see how long that takes."""
        return min(self.rounds, STARTS)

    @property
    def minutes(self) -> float:
        """About how long it takes."""
        each = self.rounds * (self.seconds + BETWEEN_SECONDS) + 1 + BETWEEN_SECONDS
        asked = len(self.operations) * len(self.contestants) + len(self.scaled) * len(self.scaling)
        started = (self.starts + 1) * len(self.contestants) + len(self.scaling)
        return len(self.databases) * (asked * each + started * START_SECONDS) / 60


def planned(arguments: Sequence[str] | None = None) -> Plan:
    """The plan that the arguments ask for. Only a whole run goes to where all can read it."""
    told = _parser().parse_args(arguments)
    contestants = [ALL[name] for name in told.contestants]
    whole = (told.operations, told.databases, told.contestants) == (
        [*TITLES], [*DATABASES], [*DEFAULT]
    )  # fmt: skip
    return Plan(
        told.rounds,
        told.seconds,
        tuple(told.operations),
        tuple(told.databases),
        tuple(contestants if JETON in contestants else [JETON, *contestants]),
        () if told.one_worker else SCALING,
        told.into or (PUBLISHED if whole else PRIVATE),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make bench BENCH=...", description="Measure Jeton beside its twins, interleaved."
    )
    parser.add_argument("--rounds", type=_positive, default=10, help="default: %(default)s")
    parser.add_argument(
        "--seconds", type=_positive, default=1, help="of each round; default: %(default)s"
    )
    for name, known, usual in (
        ("operations", TITLES, [*TITLES]),
        ("databases", DATABASES, [*DATABASES]),
        ("contestants", ALL, [*DEFAULT]),
    ):
        choices = ", ".join(known)
        parser.add_argument(
            f"--{name}", nargs="+", choices=[*known], default=usual, metavar="NAME", help=choices
        )
    parser.add_argument("--one-worker", action="store_true", help="leave out two workers")
    parser.add_argument("--into", type=Path, help="the folder for results")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
