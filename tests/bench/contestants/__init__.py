"""The contestants: gunicorn with the same worker and settings, each around its own application."""

from dataclasses import dataclass, replace

SHIPPED, TWINS = "gunicorn.conf.py", "tests/bench/contestants/twins_conf.py"


@dataclass(frozen=True)
class Contestant:
    """A row: its name, what it is, how gunicorn runs it, and its colour in the chart.

    `remembers` says whether Jeton's models remember, for a second at most, the tokens they found.
    """

    name: str
    what: str
    arguments: tuple[str, ...] = ()
    configuration: str = SHIPPED
    workers: int = 1
    log_level: str = "warning"
    remembers: bool = True
    colour: str = "#8a6fb0"

    @property
    def label(self) -> str:
        """What it is called in tables."""
        return self.name if self.workers == 1 else f"{self.name} x{self.workers}"

    def of_two(self) -> "Contestant":
        """The same with two workers."""
        return replace(self, workers=2)


JETON = Contestant("jeton", "Jeton as it ships; requests and answers validated", colour="#1b6ca8")
LOGGING = Contestant(
    "jeton-logging", "the same, with a line of log for each request", log_level="info"
)
STOCK = Contestant(
    "stock",
    "a stock Connexion FlaskApp: same contract, handlers and models, the queries of which Peewee "
    "builds as usual; answers not validated",
    ("tests.bench.contestants.stock:create_app()",),
    remembers=False,
    colour="#b0b7bf",
)
STOCK_VALIDATING = Contestant(
    "stock-validating",
    "the same with Connexion's own validation of answers (validate_responses, jsonschema)",
    ("tests.bench.contestants.stock:create_app(validate_responses=True)",),
    remembers=False,
    colour="#7d8791",
)
STOCK_PREPARED = Contestant(
    "stock-prepared",
    "stock, given what makes Jeton's models fast: queries built once, tokens remembered",
    ("tests.bench.contestants.stock:create_app(prepared=True)",),
    colour="#c9b48c",
)
FASTAPI = Contestant(
    "fastapi",
    "FastAPI, async def, hand-written SQL, orjson; requests validated, answers not",
    ("tests.bench.contestants.fastapi_twin:app",),
    TWINS,
    colour="#8cc9a8",
)
FASTAPI_VALIDATING = Contestant(
    "fastapi-validating",
    "the same with answers validated and written by FastAPI (response_model, pydantic)",
    ("tests.bench.contestants.fastapi_validating:app",),
    TWINS,
    colour="#3f9c6d",
)
BARE = Contestant(
    "bare",
    "bare ASGI, hand-written SQL, orjson; nothing validated, nothing logged: the ceiling",
    ("tests.bench.contestants.bare:app",),
    TWINS,
    colour="#e0e4e8",
)
UVLOOP = Contestant("jeton-uvloop", "Jeton on uvloop", ("--asgi-loop", "uvloop"))
ASYNCIO = Contestant("jeton-asyncio", "Jeton on the standard loop", ("--asgi-loop", "asyncio"))

COMPARED = (JETON, STOCK, STOCK_VALIDATING, STOCK_PREPARED, FASTAPI, FASTAPI_VALIDATING, BARE)
ALL = {each.name: each for each in (*COMPARED, LOGGING, UVLOOP, ASYNCIO)}
DEFAULT = tuple(each.name for each in COMPARED)
SCALING = (JETON, JETON.of_two(), BARE, BARE.of_two())
