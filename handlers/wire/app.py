"""The application: the only file that joins the parts."""

import asyncio
import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import inflection
import orjson
from connexion.exceptions import ProblemException
from connexion.middleware.context import ContextMiddleware
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.lifespan import LifespanMiddleware
from connexion.middleware.server_error import ServerErrorMiddleware
from connexion.resolver import Resolution, Resolver
from connexion.spec import OpenAPISpecification
from starlette.exceptions import HTTPException

from handlers.wire import config, telemetry, threads
from handlers.wire.answers import AnswerValidation
from handlers.wire.bodies import JsonText
from handlers.wire.contract import contract
from handlers.wire.documents import Documents
from handlers.wire.edge import Edge
from handlers.wire.faults import answer, last_resort
from handlers.wire.identity import Identity
from handlers.wire.operations import Application
from handlers.wire.origin import Origin
from handlers.wire.routing import Routing
from handlers.wire.start import operator
from handlers.wire.throttle import CallerThrottle, GuessThrottle, allowance
from handlers.wire.validation import VALIDATORS, RequestValidation
from models.database import database
from models.idempotency import forget_old
from models.last_used import FLUSH_SECONDS, last_used
from models.listening import listen
from models.purge import PURGE_SECONDS, purge
from models.reuse import reuse
from models.store import open_store


class OrjsonJsonifier:
    """Connexion's place for a JSON library."""

    def dumps(self, data: Any, **_: Any) -> JsonText:
        """JSON in UTF-8."""
        return JsonText.of(data)

    def loads(self, data: bytes | str) -> Any:
        """The value of a JSON text."""
        return orjson.loads(data)


class ByTag(Resolver):  # type: ignore[misc]  # Connexion is untyped
    """`createProjectApiToken`, tagged `api-tokens`: handlers.api_tokens.create_project_api_token"""

    def resolve(self, operation: Any) -> Resolution:
        """The handler of an operation; fails at start where there is none."""
        (tag,) = operation._operation["tags"]
        module = inflection.underscore(tag)
        name = f"handlers.{module}.{inflection.underscore(operation.operation_id)}"
        return Resolution(self.resolve_function_from_operation_id(name), operation.operation_id)


def create_app(settings: config.Settings | None = None) -> Application:
    """The ASGI application; opens nothing, so that it may be made before workers fork.

    Raises WrongSettings.
    """
    settings = settings or config.load()
    telemetry.start_logging(settings.log_level)
    open_store(settings.database_url.get_secret_value(), settings.keys, settings.policy)
    granted = allowance(settings.worker_limit, settings.whole_limit, settings.redis)
    app = Application(
        "handlers",
        lifespan=_lifespan,
        middlewares=[
            partial(Origin, trusted=settings.trusted_proxies),
            telemetry.Telemetry,
            partial(ServerErrorMiddleware, handler=last_resort),
            ExceptionMiddleware,
            Edge,
            Documents,
            Routing,
            partial(GuessThrottle, allowance=granted),
            Identity,
            partial(CallerThrottle, allowance=granted),
            RequestValidation,
            AnswerValidation,
            LifespanMiddleware,
            ContextMiddleware,
        ],
        jsonifier=OrjsonJsonifier(),
        pythonic_params=True,
        resolver=ByTag(),
        strict_validation=True,
        validate_responses=True,
        validator_map=VALIDATORS,
    )
    app.app.config["PUBLIC_BASE"] = settings.public_base
    # `make check` did so when the file was written; at each start it would take a quarter second.
    OpenAPISpecification._validate_spec = staticmethod(lambda _: None)
    app.add_api(copy.deepcopy(contract.document))
    for kind in (Exception, HTTPException, ProblemException):
        app.add_error_handler(kind, answer)
    return app


@asynccontextmanager
async def _lifespan(_: Any) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    doing = [
        _repeat(stopping, FLUSH_SECONDS, _flush, "last_used_not_written", at_the_end=True),
        _repeat(stopping, PURGE_SECONDS, _purge, "dead_tokens_not_purged", at_the_end=False),
    ]
    chores = [asyncio.create_task(each) for each in doing]
    listener = listen()
    try:
        yield
    finally:
        await asyncio.to_thread(listener.stop)
        stopping.set()
        await asyncio.gather(*chores)
        # A connection must not be closed under a thread that is still using it.
        if await threads.finish():
            database.close_all()


async def _repeat(
    stopping: asyncio.Event,
    seconds: float,
    work: Callable[[], object],
    failed: str,
    *,
    at_the_end: bool,
) -> None:
    """Do the work each so many seconds; what fails is logged."""
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), seconds)
        if stopping.is_set() and not at_the_end:
            return
        try:
            await threads.run(work, little=False)
        except Exception as error:
            telemetry.log.warning(failed, error=type(error).__name__)


def _flush() -> None:
    last_used.flush()
    reuse.flush()


def _purge() -> None:
    purge(by=operator("jeton serve"))
    forget_old()
