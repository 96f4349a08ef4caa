"""Settings: the only reader of the environment. Every wrong one is named at once."""

import os
from functools import cached_property
from typing import Any, Literal

import limits
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.wire import kinds
from handlers.wire.keys import KEY_FILE, decode_keys
from models.store import Policy

PREFIX = "JETON_"
HOUR_SECONDS = 3_600


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

    bind: kinds.Address = Field(
        "127.0.0.1:8080", description="Where to listen: host:port or unix:path."
    )
    database_url: kinds.DatabaseUrl = Field(
        SecretStr("sqlite:///data/jeton.db"),
        description="`sqlite:///path` or `postgresql://user:password@host/name`.",
    )
    root_token: kinds.Credential | None = Field(
        None, description="A credential that may do everything; at least 24 characters."
    )
    secret_keys: kinds.Keys | None = Field(
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
    rate_limit: kinds.Rate = Field(
        "600/minute", description="Requests a caller may make, over all workers; or `off`."
    )
    redis_url: kinds.RedisUrl | None = Field(
        None, description="`redis://...`: rate limits are counted there, exactly, for all workers."
    )
    log_level: kinds.Level = Field("info", description="The least level that is logged.")
    max_projects: int = Field(1_000, ge=1, description="How many projects the server may hold.")
    max_tokens_per_project: int = Field(
        10_000, ge=1, description="How many live tokens a project may hold."
    )
    environments: kinds.Environments = Field(
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
    public_url: kinds.PublicUrl | None = Field(
        None, description="Where the world reaches this server; share links begin with it."
    )
    trusted_proxies: kinds.Networks = Field(
        (),
        description="Networks of proxies whose `X-Forwarded-For` is believed, by commas; `unix` "
        "for those on a socket in the file system.",
    )

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
            self.max_lifetime_days and self.max_lifetime_days * kinds.DAY_SECONDS,
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
