"""Connexion's operations for Flask, with what is the same for every request built once.

A handler is called with what Connexion routed and validated; no request of Flask is made for it.
"""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from connexion import FlaskApp
from connexion.apps.flask import FlaskApi, FlaskASGIApp, FlaskOperation
from connexion.datastructures import NoContent
from connexion.decorators import FlaskDecorator
from connexion.decorators.parameter import SyncParameterDecorator, unwrap_decorators
from connexion.decorators.response import SyncResponseDecorator
from connexion.frameworks.flask import Flask, FlaskJSONProvider
from connexion.utils import inspect_function_arguments
from inflection import underscore
from starlette.types import Scope

from handlers.wire.bodies import BODY, QUERY
from handlers.wire.bridge import Bridge, UnroutedFlask
from handlers.wire.replay import Response

READ: dict[str, Callable[[str], Any]] = {"integer": int, "string": str}


class Arguments(SyncParameterDecorator):  # type: ignore[misc]  # Connexion is untyped
    """Connexion's for one operation: how its parameters are called and read is known before."""

    def __init__(self, operation: Any, **options: Any) -> None:
        super().__init__(**options)
        self._read = {
            part["name"]: (underscore(part["name"]), READ[part["schema"]["type"]])
            for part in operation.parameters
        }
        self._defaults = {
            underscore(part["name"]): part["schema"]["default"]
            for part in operation.parameters
            if "default" in part["schema"]
        }

    def __call__(self, function: Callable[..., Any]) -> Callable[[Scope], Any]:
        named, takes_all = inspect_function_arguments(unwrap_decorators(function))

        @wraps(function)
        def wrapper(scope: Scope) -> Any:
            told = self._told(scope)
            if not takes_all:
                told = {name: told[name] for name in named if name in told}
            return function(**told)

        return wrapper

    def _told(self, scope: Scope) -> dict[str, Any]:
        """Everything that a handler may be told, by its name in Python."""
        extensions = scope["extensions"]
        told = dict(self._defaults)
        for name, text in (*scope["path_params"].items(), *extensions.get(QUERY, ())):
            python_name, read = self._read[name]
            told[python_name] = read(text)
        if BODY in extensions:
            told["body"] = extensions[BODY]
        return {**told, **extensions.get("connexion_context", {})}


class Answers(SyncResponseDecorator):  # type: ignore[misc]
    """Connexion's for one operation: what a handler returns becomes a response as ASGI sends it."""

    def __init__(self, operation: Any, **options: Any) -> None:
        super().__init__(**options)
        produced = set(operation.produces)
        self._media_type = produced.pop() if len(produced) == 1 else None

    def build_framework_response(self, handler_response: Any) -> Response:
        """The status, headers and content; raises KeyError where the media type is not told."""
        data, status, told = self._unpack_handler_response(handler_response)
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in told.items()]
        if data is None or data is NoContent:
            return status or 204, headers, b""
        if isinstance(data, str) and "Content-Type" in told:
            return status or 200, headers, data.encode()
        if "Content-Type" not in told:
            headers.append((b"content-type", _known(self._media_type)))
        return status or 200, headers, self.jsonifier.dumps(data)


def _known(media_type: str | None) -> bytes:
    if media_type is None:
        raise KeyError("Content-Type")
    return media_type.encode()


class OperationDecorator(FlaskDecorator):  # type: ignore[misc]
    """Connexion's, decorating the handler once instead of at every request."""

    def __init__(self, operation: Any, **options: Any) -> None:
        super().__init__(**options)
        self._operation = operation

    def __call__(self, function: Callable[..., Any]) -> Callable[[Scope], Response]:
        arguments = Arguments(
            self._operation, framework=Flask, pythonic_params=self.pythonic_params
        )
        answers = Answers(self._operation, framework=Flask, jsonifier=self.jsonifier)
        decorated: Callable[[Scope], Response] = answers(arguments(function))
        return decorated


class Operation(FlaskOperation):  # type: ignore[misc]
    """One operation, decorated once."""

    def __init__(self, operation: Any, **options: Any) -> None:
        super().__init__(fn=operation.function, operation_id=operation.operation_id, **options)
        self._operation = operation

    @cached_property
    def fn(self) -> Callable[[Scope], Response]:
        """The decorated handler."""
        decorator = OperationDecorator(
            self._operation, pythonic_params=self.pythonic_params, jsonifier=self.jsonifier
        )
        return decorator(self._fn)


class Api(FlaskApi):  # type: ignore[misc]
    """Makes our operations."""

    def make_operation(self, operation: Any) -> Operation:
        return Operation(operation, pythonic_params=self.pythonic_params, jsonifier=self.jsonifier)


class Inner(FlaskASGIApp):  # type: ignore[misc]
    """The innermost ASGI application: our operations in a Flask that routes nothing."""

    def __init__(self, import_name: str) -> None:
        self.app = UnroutedFlask(import_name)
        self.app.json = FlaskJSONProvider(self.app)
        self.asgi_app = Bridge(self.app)

    def add_api(self, specification: Any, *, name: str | None = None, **options: Any) -> Api:
        """Register the operations of a specification."""
        api = Api(specification, **options)
        self.app.register_blueprint(api.blueprint)
        self.asgi_app = Bridge(self.app)
        return api


class Application(FlaskApp):  # type: ignore[misc]
    """Connexion's FlaskApp around our innermost application."""

    def __init__(self, import_name: str, **options: Any) -> None:
        super().__init__(import_name, **options)
        self._middleware_app = self.middleware.app = Inner(import_name)
        self.app = self._middleware_app.app
