"""Kinds of settings: how the text of each is read, and words for what cannot be meant."""

import ipaddress
import re
from typing import Annotated, Literal

import limits
import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from handlers.wire.keys import decode_keys
from handlers.wire.origin import UNIX
from handlers.wire.schemas import named

LAST_PORT = 65_535
DAY_SECONDS = 86_400


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _address(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not value.startswith("unix:") and not (colon and host and port.isdecimal()):
        raise ValueError("must be host:port or unix:path")
    if value == "unix:" or (port.isdecimal() and int(port) > LAST_PORT):
        raise ValueError("must have a path, or a port of at most 65535")
    return value


def _database(value: SecretStr) -> SecretStr:
    if not re.match(r"sqlite:///[^:?]+$|postgresql://.", value.get_secret_value()):
        raise ValueError("must be sqlite:///path/of/file or postgresql://...")
    try:
        if value.get_secret_value().startswith("postgresql:"):
            conninfo_to_dict(value.get_secret_value())
    except psycopg.Error:  # its words quote the password
        raise ValueError("is no URL; percent-encode what is special in a password") from None
    return value


def _redis(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("redis://", "rediss://", "redis+unix://")):
        raise ValueError("must begin with redis://, rediss:// or redis+unix://")
    return value


def _credential(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not re.fullmatch(r"[!-~]([ -~]{22,498})[!-~]", text):
        raise ValueError("must have 24 to 500 printable ASCII characters, no blank at an end")
    if text.lower().startswith("bearer "):
        raise ValueError("must not begin with the word Bearer")
    return value


def _keys(value: SecretStr) -> SecretStr:
    decode_keys(value.get_secret_value())
    return value


def _environments(value: tuple[str, ...]) -> tuple[str, ...]:
    if any(named("Environment").fault(name) for name in value):
        raise ValueError("each name must be safe in a URL, of 1 to 100 characters")
    return value


def _networks(value: tuple[str, ...]) -> tuple[str, ...]:
    try:
        for network in set(value) - {UNIX}:
            ipaddress.ip_network(network)
    except ValueError:
        raise ValueError("must be like 10.0.0.0/8,fd00::/8,unix") from None
    return value


def _absolute(value: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", value):
        raise ValueError("must be like https://tokens.example.com")
    return value.rstrip("/")


def _rate(value: str) -> str:
    try:
        if value != "off" and not _is_countable(limits.parse_many(value)):
            raise ValueError
    except ValueError:
        raise ValueError("must be like 600/minute, or off; at most a day") from None
    return value


def _is_countable(rates: list[limits.RateLimitItem]) -> bool:
    return len(rates) == 1 and rates[0].amount > 0 and rates[0].get_expiry() <= DAY_SECONDS


Address = Annotated[str, AfterValidator(_address)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis)]
Credential = Annotated[SecretStr, AfterValidator(_credential)]
Keys = Annotated[SecretStr, AfterValidator(_keys)]
Rate = Annotated[str, AfterValidator(_rate)]
PublicUrl = Annotated[str, AfterValidator(_absolute)]
Level = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(str.lower)]
Parts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Environments = Annotated[Parts, AfterValidator(_environments)]
Networks = Annotated[Parts, AfterValidator(_networks)]
