"""The contestants: gunicorn with one worker and the same settings, each around its own app."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from handlers.wire.keys import encode_key
from models.secrets import new_key
from tests.actors import SHARE, TOKENS, Caller
from tests.live import ROOT, ROOT_TOKEN, Server, environment, new_project_id


@dataclass(frozen=True)
class Contestant:
    """A name for the table, gunicorn's arguments, and what tells it apart."""

    name: str
    arguments: tuple[str, ...] = ()


JETON = Contestant("jeton")
STOCK = Contestant("stock", ("tests.stock:create_app()",))
STOCK_VALIDATED = Contestant(
    "stock, responses validated", ("tests.stock:create_app(validate_responses=True)",)
)
UVLOOP = Contestant("jeton on uvloop", ("--asgi-loop", "uvloop"))
ASYNCIO = Contestant("jeton on asyncio", ("--asgi-loop", "asyncio"))

AGAINST_STOCK = (JETON, STOCK, STOCK_VALIDATED), STOCK
EVENT_LOOPS = (UVLOOP, ASYNCIO), ASYNCIO


class Running(Server):
    """A contestant that runs."""

    def __init__(self, contestant: Contestant, folder: Path, **settings: str) -> None:
        super().__init__(folder, **settings)
        self.contestant = contestant

    def launch(self) -> "subprocess.Popen[bytes]":
        """Start it without waiting."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")),
                    *self.contestant.arguments,
                ],
                cwd=self.folder,
                env=environment(**self.settings),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        return self.process

    @property
    def worker(self) -> int:
        """The process id of its one worker."""
        assert self.process is not None
        parent = self.process.pid
        (child,) = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return int(child)


@contextmanager
def running(contestants: Sequence[Contestant], folder: Path) -> Iterator[list[Running]]:
    """All contestants at once, on one SQLite database."""
    settings = {
        "JETON_DATABASE_URL": f"sqlite:///{folder / 'jeton.db'}",
        "JETON_SECRET_KEYS": encode_key(new_key()),
        "JETON_PUBLIC_URL": "https://tokens.example.com",
        "JETON_WORKERS": "1",
        "JETON_LOG_LEVEL": "warning",
    }
    with ExitStack() as stack:
        found = []
        for number, contestant in enumerate(contestants):
            own = folder / str(number)
            own.mkdir()
            server = Running(contestant, own, **settings)
            stack.callback(_stop, server)
            server.start()
            found.append(server)
        yield found


@dataclass(frozen=True)
class Question:
    """The request that is timed."""

    path: str
    token: str

    def ask(self, url: str) -> tuple[int, bytes]:
        """The status and the body of the answer."""
        answer = httpx.get(url + self.path, headers={"Authorization": f"Bearer {self.token}"})
        return answer.status_code, answer.content


def share_of_new_project(url: str) -> Question:
    """A viewer of a new project asks for its share token. Needs a Jeton to make them."""
    root, project = Caller(url, ROOT_TOKEN), new_project_id()
    root("POST", "/v1/projects", json={"id": project}).raise_for_status()
    SHARE.mint(root, project).raise_for_status()
    viewer = TOKENS.mint(root, project, name="bench", role="viewer").raise_for_status()
    return Question(f"/v1/projects/{project}/public-share-token", TOKENS.secret(viewer))


def differences(question: Question, servers: Sequence[Running]) -> list[str]:
    """What each contestant answers, where not all answer 200 and the same bytes; else nothing."""
    answers = {server.contestant.name: question.ask(server.url) for server in servers}
    first = next(iter(answers.values()))
    if first[0] == 200 and all(answer == first for answer in answers.values()):
        return []
    return [f"{name}: {status} {body!r}" for name, (status, body) in answers.items()]


def _stop(server: Running) -> None:
    if server.process is not None:
        server.stop()


def machine() -> str:
    """How many processors there are, how many we may use, and how busy they are."""
    load, usable = os.getloadavg()[0], len(os.sched_getaffinity(0))
    told = f"{os.cpu_count()} CPUs ({usable} usable, load {load:.1f} at the start)"
    return f"{told}\nBUSY: quote nothing of this run" if load > usable / 2 else told
