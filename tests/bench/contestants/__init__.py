"""The contestants: gunicorn with the same worker and settings, each around its own application."""

from dataclasses import dataclass, replace

SHIPPED, TWINS = "gunicorn.conf.py", "tests/bench/contestants/twins_conf.py"


@dataclass(frozen=True)
class Contestant:
    """A name for the tables, what it is, gunicorn's arguments, and how many workers it has."""

    name: str
    what: str
    arguments: tuple[str, ...] = ()
    configuration: str = SHIPPED
    workers: int = 1
    log_level: str = "warning"

    @property
    def label(self) -> str:
        """What it is called in tables."""
        return self.name if self.workers == 1 else f"{self.name} x{self.workers}"

    def of_two(self) -> "Contestant":
        """The same with two workers."""
        return replace(self, workers=2)


JETON = Contestant("jeton", "Jeton as it ships; requests and answers validated")
LOGGING = Contestant(
    "jeton-logging", "the same, with a line of log for each request", log_level="info"
)
STOCK = Contestant(
    "stock",
    "a stock Connexion FlaskApp: same contract, handlers and models; answers not validated",
    ("tests.bench.contestants.stock:create_app()",),
)
VALIDATED = Contestant(
    "stock-validated",
    "the same with Connexion's own validation of answers",
    ("tests.bench.contestants.stock:create_app(validate_responses=True)",),
)
FASTAPI = Contestant(
    "fastapi",
    "FastAPI, async def, hand-written SQL, orjson; requests validated, answers not",
    ("tests.bench.contestants.fastapi_twin:app",),
    TWINS,
)
BARE = Contestant(
    "bare",
    "bare ASGI, hand-written SQL, orjson; nothing validated, nothing logged: the ceiling",
    ("tests.bench.contestants.bare:app",),
    TWINS,
)
UVLOOP = Contestant("jeton-uvloop", "Jeton on uvloop", ("--asgi-loop", "uvloop"))
ASYNCIO = Contestant("jeton-asyncio", "Jeton on the standard loop", ("--asgi-loop", "asyncio"))

ALL = {
    each.name: each for each in (JETON, STOCK, FASTAPI, BARE, LOGGING, VALIDATED, UVLOOP, ASYNCIO)
}
DEFAULT = ("jeton", "stock", "fastapi", "bare")
SCALING = (JETON, JETON.of_two(), BARE, BARE.of_two())
