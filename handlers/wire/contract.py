"""The contract: openapi.yaml, read once. Tables of dialects, roles, faults and operations."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[2] / "openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
OURS = "share"
LIMIT_BY_CALLER, LIMIT_BY_ADDRESS = "caller", "address"
NO_STORAGE, LOOK_UP, WRITE, SLOW_WRITE = "none", "look-up", "write", "slow-write"
LITTLE, WRITES = (NO_STORAGE, LOOK_UP, WRITE), (WRITE, SLOW_WRITE)


@dataclass(frozen=True)
class Operation:
    """What the contract says of one operation beyond what Connexion enforces."""

    id: str
    method: str
    path: str
    permission: str | None
    refused_as: str
    limit: str
    storage: str
    secrets: frozenset[str]
    takes_basic: bool = False
    idempotent: bool = False
    permission_others: str | None = None
    replays_to_ended: bool = False


@dataclass(frozen=True)
class Wording:
    """How one dialect words a fault: a status and a code."""

    status: int
    code: str
    message: str


class Contract:
    """openapi.yaml and the tables in it."""

    def __init__(self, file: Path = FILE) -> None:
        self.text = file.read_text(encoding="utf-8")
        self.document: dict[str, Any] = yaml.load(self.text, Loader=yaml.CSafeLoader)
        self.dialects: dict[str, list[str]] = self.document["x-dialects"]
        prefixes = [(d, prefix) for d, spoken in self.dialects.items() for prefix in spoken]
        self._prefixes = sorted(prefixes, key=lambda item: -len(item[1]))
        self.roles = {role: frozenset(may) for role, may in self.document["x-roles"].items()}
        self._role_of: dict[str, str] = self.document["x-role-of"]
        self._grants = {
            role: frozenset(other for other, may in self.roles.items() if may <= held)
            for role, held in self.roles.items()
        }
        self._at_least = {
            role: frozenset(other for other in self.roles if role in self._grants[other])
            for role in self.roles
        }

    def dialect(self, path: str) -> str:
        """The dialect spoken under a path: the longest prefix wins, and ours is the rest."""
        spoken = (d for d, prefix in self._prefixes if f"{path}/".startswith(f"{prefix}/"))
        return next(spoken, OURS)

    def wording(self, fault: str, dialect: str) -> Wording:
        """How a dialect words a fault; raises KeyError where it cannot happen."""
        row = self.document["x-faults"][fault]
        cell = row[dialect]
        if isinstance(cell, dict):
            return Wording(cell["status"], cell["code"], row["message"])
        return Wording(row["status"], cell, row["message"])

    def role_of(self, role: str | None, kind: str, of_type: str | None) -> str:
        """The role of a token: its own, or that of tokens of its type or kind without one."""
        return role or self._role_of.get(of_type or kind) or self._role_of[kind]

    def grants(self, role: str) -> frozenset[str]:
        """The roles that may do nothing which this role may not."""
        return self._grants[role]

    def at_least(self, role: str) -> frozenset[str]:
        """The roles that may do all that this role may."""
        return self._at_least[role]

    def gate(self, path: str) -> str | None:
        """The gate at or above a path, where any method and any path below is its GET."""
        if not path.startswith(self._gates):
            return None
        return next((gate for gate in self._gates if f"{path}/".startswith(f"{gate}/")), None)

    @cached_property
    def _gates(self) -> tuple[str, ...]:
        items = self.document["paths"].items()
        return tuple(path for path, item in items if item.get("get", {}).get("x-gate"))

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """The operations by their ids."""
        found = {}
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    operation = self._operation(path, method, item)
                    found[operation.id] = operation
        return found

    def allowed(self, path: str) -> list[str]:
        """The methods that a path takes; empty where there is nothing."""
        for pattern, methods in self._patterns:
            if pattern.fullmatch(path):
                return methods
        return []

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], list[str]]]:
        patterns = []
        for path, item in self.document["paths"].items():
            methods = [method.upper() for method in METHODS if method in item]
            if "GET" in methods:
                methods.insert(1, "HEAD")
            patterns.append((re.compile(re.sub(r"{\w+}", "[^/]+", path)), methods))
        return patterns

    def _operation(self, path: str, method: str, item: dict[str, Any]) -> Operation:
        entry = item[method]
        parameters = [self._resolve(part) for part in item.get("parameters", [])]
        return Operation(
            id=entry["operationId"],
            method=method.upper(),
            path=path,
            permission=entry.get("x-permission"),
            refused_as=entry.get("x-refused-as", "forbidden"),
            limit=entry["x-limit"],
            storage=entry["x-storage"],
            secrets=frozenset(part["name"] for part in parameters if part.get("x-secret")),
            idempotent=bool(entry.get("x-idempotent")),
            takes_basic={"BasicAuth": []} in entry.get("security", []),
            permission_others=entry.get("x-permission-others"),
            replays_to_ended=bool(entry.get("x-replays-to-ended")),
        )

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        found: Any = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return dict(found)


contract = Contract()
