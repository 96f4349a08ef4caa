"""Connexion's operations for Flask, with what is the same for every request built once."""

from collections.abc import Callable
from functools import cached_property, lru_cache, wraps
from typing import Any

from connexion import FlaskApp
from connexion.apps.flask import FlaskApi, FlaskASGIApp, FlaskOperation
from connexion.decorators import FlaskDecorator
from connexion.decorators.parameter import SyncParameterDecorator
from connexion.frameworks.flask import FlaskJSONProvider
from inflection import underscore

from handlers.wire.bridge import Bridge, UnroutedFlask

_snake_case = lru_cache(maxsize=1024)(underscore)


class ParameterDecorator(SyncParameterDecorator):  # type: ignore[misc]  # Connexion is untyped
    """Connexion's, with one rule for Python names of parameters: snake_case, remembered."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sanitize_fn = _snake_case


class OperationDecorator(FlaskDecorator):  # type: ignore[misc]
    """Connexion's, decorating the handler once instead of at every request."""

    @property
    def _parameter_decorator_cls(self) -> type[ParameterDecorator]:
        return ParameterDecorator

    @cached_property
    def uri_parser(self) -> Any:
        """The parser for the parameters of this operation; made at its first request."""
        return super().uri_parser

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        decorated = self.decorate(function)

        @wraps(function)
        def wrapper() -> Any:
            return decorated(self.framework.get_request(uri_parser=self.uri_parser))

        return wrapper


class Operation(FlaskOperation):  # type: ignore[misc]
    """One operation, decorated once."""

    @cached_property
    def fn(self) -> Callable[..., Any]:
        """The decorated handler."""
        decorator = OperationDecorator(
            pythonic_params=self.pythonic_params, jsonifier=self.jsonifier
        )
        wrapped: Callable[..., Any] = decorator(self._fn)
        return wrapped


class Api(FlaskApi):  # type: ignore[misc]
    """Makes our operations."""

    def make_operation(self, operation: Any) -> Operation:
        made: Operation = Operation.from_operation(
            operation, pythonic_params=self.pythonic_params, jsonifier=self.jsonifier
        )
        return made


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
