"""Settings: the only reader of the environment. Every wrong one is named at once."""

import ipaddress
import os
import re
from functools import cached_property
from typing import Annotated, Any, Literal

import limits
import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from handlers.wire.keys import KEY_FILE, decode_keys
from handlers.wire.origin import UNIX
from models.store import Policy

PREFIX = "JETON_"
LAST_PORT = 65_535
HOUR_SECONDS, DAY_SECONDS = 3_600, 86_400
ENVIRONMENT_NAME = r"^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}$"


class WrongSettings(Exception):
    """Settings that cannot be used; `faults` has a line for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """What the operator can set, each as JETON_ and the name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, validate_default=False
    )

    bind: str = Field("127.0.0.1:8080", description="Where to listen: host:port or unix:path.")
    database_url: SecretStr = Field(
        SecretStr("sqlite:///data/jeton.db"),
        description="`sqlite:///path` or `postgresql://user:password@host/name`.",
    )
    root_token: SecretStr | None = Field(
        None, description="A credential that may do everything; at least 24 characters."
    )
    secret_keys: SecretStr | None = Field(
        None,
        description="Keys of 32 bytes in base64url, newest first, separated by commas. "
        "Made once in `data/secret-keys` if absent.",
    )
    workers: int = Field(
        2,
        ge=1,
        le=64,
        description="How many processes serve; each opens up to 25 connections of PostgreSQL.",
    )
    rate_limit: str = Field(
        "600/minute", description="Requests a caller may make, over all workers; or `off`."
    )
    redis_url: SecretStr | None = Field(
        None, description="`redis://...`: rate limits are counted there, exactly, for all workers."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least level that is logged."
    )
    max_projects: int = Field(1_000, ge=1, description="How many projects the server may hold.")
    max_tokens_per_project: int = Field(
        10_000, ge=1, description="How many live tokens a project may hold."
    )
    environments: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="The environments that may be named, by commas; empty allows any."
    )
    show_secrets: Literal["always", "once"] = Field(
        "always", description="Whether lists show the secrets of API tokens again."
    )
    max_lifetime_days: int | None = Field(
        None,
        ge=1,
        le=36_500,
        description="Days that new tokens may live, all but `JETON_ROOT_TOKEN`; empty is for ever.",
    )
    max_grace_hours: int = Field(
        168, ge=0, le=8_760, description="How many hours a rotated token may live on at most."
    )
    purge_days: int = Field(
        30, ge=1, le=36_500, description="How many days a dead token stays listed."
    )
    verify_cache: Literal["on", "off"] = Field(
        "on",
        description="Whether a token that was found is remembered, for at most a second and until "
        "the database tells of a change.",
    )
    public_url: str | None = Field(
        None, description="Where the world reaches this server; share links begin with it."
    )

    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Networks of proxies whose `X-Forwarded-For` is believed, by commas; `unix` "
        "for those on a socket in the file system.",
    )

    @field_validator("environments", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("environments")
    @classmethod
    def _name_environments(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(ENVIRONMENT_NAME, name) for name in value):
            raise ValueError("each name must be safe in a URL, of 1 to 100 characters")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            for network in set(value) - {UNIX}:
                ipaddress.ip_network(network)
        except ValueError:
            raise ValueError("must be like 10.0.0.0/8,fd00::/8,unix") from None
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower()

    @field_validator("bind")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if not value.startswith("unix:") and not (colon and host and port.isdecimal()):
            raise ValueError("must be host:port or unix:path")
        if value == "unix:" or (port.isdecimal() and int(port) > LAST_PORT):
            raise ValueError("must have a path, or a port of at most 65535")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_scheme(cls, value: SecretStr) -> SecretStr:
        if not re.match(r"sqlite:///[^:?]+$|postgresql://.", value.get_secret_value()):
            raise ValueError("must be sqlite:///path/of/file or postgresql://...")
        try:
            if value.get_secret_value().startswith("postgresql:"):
                conninfo_to_dict(value.get_secret_value())
        except psycopg.Error:  # its words quote the password
            raise ValueError("is no URL; percent-encode what is special in a password") from None
        return value

    @field_validator("root_token")
    @classmethod
    def _strong(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if not re.fullmatch(r"[!-~]([ -~]{22,498})[!-~]", text):
            raise ValueError("must have 24 to 500 printable ASCII characters, no blank at an end")
        if text.lower().startswith("bearer "):
            raise ValueError("must not begin with the word Bearer")
        return value

    @field_validator("secret_keys")
    @classmethod
    def _readable(cls, value: SecretStr) -> SecretStr:
        decode_keys(value.get_secret_value())
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("redis://", "rediss://", "redis+unix://")):
            raise ValueError("must begin with redis://, rediss:// or redis+unix://")
        return value

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", value):
            raise ValueError("must be like https://tokens.example.com")
        return value.rstrip("/")

    @field_validator("rate_limit")
    @classmethod
    def _countable(cls, value: str) -> str:
        try:
            if value != "off" and not _is_countable(limits.parse_many(value)):
                raise ValueError
        except ValueError:
            raise ValueError("must be like 600/minute, or off; at most a day") from None
        return value

    @field_validator("rate_limit")
    @classmethod
    def _enough_for_each_worker(cls, value: str, others: ValidationInfo) -> str:
        if value != "off" and limits.parse(value).amount < others.data.get("workers", 1):
            raise ValueError("must allow at least one request for each worker")
        return value

    @property
    def whole_limit(self) -> limits.RateLimitItem | None:
        """The rate limit of all workers together, or None for no limit."""
        return None if self.rate_limit == "off" else limits.parse(self.rate_limit)

    @property
    def worker_limit(self) -> limits.RateLimitItem | None:
        """The share of the rate limit that one worker may grant, or None for no limit."""
        whole = self.whole_limit
        return whole and type(whole)(whole.amount // self.workers, whole.multiples)

    @property
    def redis(self) -> str | None:
        """Where rate limits are counted for all workers, if anywhere."""
        return self.redis_url.get_secret_value() if self.redis_url else None

    @cached_property
    def keys(self) -> list[bytes]:
        """The master keys, newest first."""
        given = self.secret_keys.get_secret_value() if self.secret_keys else KEY_FILE.read_text()
        return decode_keys(given)

    @property
    def policy(self) -> Policy:
        """What the models have to know."""
        return Policy(
            self.max_projects,
            self.max_tokens_per_project,
            self.environments,
            self.show_secrets == "always",
            self.max_lifetime_days and self.max_lifetime_days * DAY_SECONDS,
            self.max_grace_hours * HOUR_SECONDS,
            self.purge_days,
            self.verify_cache == "on",
        )

    @property
    def public_base(self) -> str:
        """What share links begin with."""
        return self.public_url or f"http://{self.bind.removeprefix('unix:')}"


def load() -> Settings:
    """Read the environment; raises WrongSettings."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    faults = [f"{name}: there is no such setting" for name in sorted(_ours() - known)]
    try:
        settings = Settings()  # type: ignore[call-arg]  # filled from the environment
        if not settings.secret_keys and KEY_FILE.exists():
            decode_keys(KEY_FILE.read_text())
    except ValidationError as error:
        faults += [_line(dict(fault)) for fault in error.errors()]
    except ValueError as error:
        faults.append(f"{KEY_FILE}: {error}")
    if faults:
        raise WrongSettings(faults)
    return settings


def _is_countable(rates: list[limits.RateLimitItem]) -> bool:
    return len(rates) == 1 and rates[0].amount > 0 and rates[0].get_expiry() <= DAY_SECONDS


def _ours() -> set[str]:
    return {name for name in os.environ if name.startswith(PREFIX)}


def _line(fault: dict[str, Any]) -> str:
    message = _WORDS.get(fault["type"], "{msg}").format(**fault, **fault.get("ctx", {}))
    where = ".".join(str(part) for part in fault["loc"][:1]).upper()
    return f"{PREFIX}{where}: {message}" if where else message


_WORDS = {
    "value_error": "{error}",
    "int_parsing": "must be a whole number",
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
