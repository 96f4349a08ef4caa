"""The tables of openapi.yaml, read as plain YAML: the model asks them, never the product."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tests.live import ROOT

OK = "ok"
METHODS = ("get", "post", "put", "patch", "delete")
DOCUMENT: dict[str, Any] = yaml.load((ROOT / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)
ROLES = {role: frozenset(may) for role, may in DOCUMENT["x-roles"].items()}
ROLE_OF: dict[str, str] = DOCUMENT["x-role-of"]
SHARE_TOKEN = re.compile(DOCUMENT["components"]["schemas"]["ShareTokenValue"]["pattern"])


@dataclass(frozen=True)
class Operation:
    """An operation; `public` ones ask for no credential."""

    id: str
    method: str
    path: str
    dialect: str
    success: int
    public: bool
    permission: str | None
    refused_as: str
    others: str | None
    takes_body: bool
    is_form: bool


@cache
def operations() -> dict[str, Operation]:
    """The operations by their ids."""
    found = {}
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS & item.keys():
            entry = item[method]
            found[entry["operationId"]] = Operation(
                id=entry["operationId"],
                method=method.upper(),
                path=path,
                dialect=_dialect(path),
                success=next(int(code) for code in entry["responses"] if code.startswith("2")),
                public=entry.get("security") == [],
                permission=entry.get("x-permission"),
                refused_as=entry.get("x-refused-as", "forbidden"),
                others=entry.get("x-permission-others"),
                takes_body="requestBody" in entry,
                is_form="application/x-www-form-urlencoded" in _media(entry),
            )
    return found


def wording(fault: str, dialect: str) -> tuple[int, str, str]:
    """The status, the code and the message of a fault in a dialect."""
    row = DOCUMENT["x-faults"][fault]
    cell = row[dialect]
    if isinstance(cell, dict):
        return cell["status"], cell["code"], row["message"]
    return row["status"], cell, row["message"]


def grants(role: str, other: str | None) -> bool:
    """Whether that role may do all that the other one may."""
    return other is None or ROLES[other] <= ROLES[role]


def _media(entry: dict[str, Any]) -> dict[str, Any]:
    return entry.get("requestBody", {}).get("content", {})  # type: ignore[no-any-return]


def _dialect(path: str) -> str:
    prefixes = {p: dialect for dialect, spoken in DOCUMENT["x-dialects"].items() for p in spoken}
    spoken = {p: dialect for p, dialect in prefixes.items() if f"{path}/".startswith(f"{p}/")}
    return spoken[max(spoken, key=len)] if spoken else "share"
