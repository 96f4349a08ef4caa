"""The stores: projects of a thousand tokens each, one of them or a thousand."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from tests.bench import bulk
from tests.bench.scene import keyring_of
from tests.bench.servers import Running

TOKENS, API = 1_000, 700
PROJECT = "grown-{}"
SAMPLE = 1_000
BAR = 40


@dataclass
class Grown:
    """A store that was filled, and a sample of the secrets in it, from all its projects."""

    projects: int
    server: Running
    secrets: list[str]
    seconds: float

    @property
    def tokens(self) -> int:
        """How many tokens were loaded."""
        return self.projects * TOKENS


def fill(server: Running, projects: int) -> Grown:
    """Load projects into a running server's empty database."""
    began, secrets = time.perf_counter(), []
    every = projects * TOKENS // SAMPLE

    def sampled() -> Iterator[bulk.Made]:
        for number, made in zip(count(), _tokens(server, projects), strict=False):
            # Share links are no API tokens: what is verified differs in nothing but its place.
            if number % every == every - 1:
                secrets.append(made.secret)
            yield made

    names = [PROJECT.format(number) for number in range(projects)]
    bulk.write(server.settings["JETON_DATABASE_URL"], names, sampled(), _bar(projects * TOKENS))
    return Grown(projects, server, secrets, time.perf_counter() - began)


def _tokens(server: Running, projects: int) -> Iterator[bulk.Made]:
    """Of each project: a share link, API tokens, and project tokens."""
    keyring = keyring_of(server)
    for project in map(PROJECT.format, range(projects)):
        yield bulk.make(keyring, project, "share", "public-share")
        for number in range(1, TOKENS):
            kind = "api" if number <= API else "project"
            yield bulk.make(keyring, project, kind, f"token-{number}")


def _bar(total: int) -> bulk.Progress:
    began = time.perf_counter()

    def progress(done: int) -> None:
        full, seconds = BAR * done // total, time.perf_counter() - began
        line = f"\r[{'#' * full}{'.' * (BAR - full)}] {done:,} of {total:,}, {seconds:.0f} s"
        end = "\n" if done >= total else ""
        if sys.stdout.isatty() or end:
            print(line, end=end, flush=True)

    return progress
