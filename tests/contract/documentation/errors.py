"""The tables of docs/errors.md, as the contract has them."""

from typing import Any

from handlers.wire.contract import Contract, Wording
from tests.contract.documentation.markdown import table

BODIES = {
    "share": "ShareError",
    "admin": "AdminError",
    "tokens": "TokensError",
    "oauth": "OAuthError",
}
# The dialects whose documents close the list of codes, with the schema that has the list.
CLOSED = {"share": "ShareErrorCode", "admin": "AdminErrorName"}
RESERVED = "none: the document has this code, Jeton never sends it"


def dialects(contract: Contract) -> str:
    """Each dialect with its prefix and the members of its errors."""
    schemas = contract.document["components"]["schemas"]
    rows = [
        [name, _prefixes(spoken), _members(schemas[BODIES[name]])]
        for name, spoken in contract.dialects.items()
    ]
    return table(["dialect", "prefixes", "body of an error"], rows)


def _prefixes(spoken: list[str]) -> str:
    return ", ".join(f"`{prefix}`" for prefix in spoken)


def _members(schema: dict[str, Any]) -> str:
    names = (name if name in schema["required"] else f"{name}?" for name in schema["properties"])
    return f"`{{{', '.join(names)}}}`"


def faults(contract: Contract) -> str:
    """Each fault with its codes, its message, its cause and its cure."""
    rows = [
        [f"`{name}`", str(row["status"]), _codes(contract, name), *_words(row)]
        for name, row in contract.document["x-faults"].items()
    ]
    return table(["fault", "status", "codes", "message", "cause", "cure"], rows)


def _words(row: dict[str, str]) -> list[str]:
    return [row[column] for column in ("message", "cause", "cure")]


def _codes(contract: Contract, fault: str) -> str:
    row = contract.document["x-faults"][fault]
    told = {
        dialect: contract.wording(fault, dialect) for dialect in contract.dialects if dialect in row
    }
    return "<br>".join(f"{dialect} {_code(one, row['status'])}" for dialect, one in told.items())


def _code(wording: Wording, usual: int) -> str:
    status = "" if wording.status == usual else f" ({wording.status})"
    return f"`{wording.code}`{status}"


def codes(contract: Contract, dialect: str) -> str:
    """Each code of a dialect with its statuses and the faults that it stands for."""
    meant: dict[str, list[tuple[int, str]]] = {code: [] for code in _listed(contract, dialect)}
    for fault, row in contract.document["x-faults"].items():
        if dialect in row:
            wording = contract.wording(fault, dialect)
            meant.setdefault(wording.code, []).append((wording.status, fault))
    return table(["code", "status", "faults"], [_index(*one) for one in meant.items()])


def _listed(contract: Contract, dialect: str) -> list[str]:
    if dialect not in CLOSED:
        return []
    values: list[str] = contract.document["components"]["schemas"][CLOSED[dialect]]["enum"]
    return values


def _index(code: str, meant: list[tuple[int, str]]) -> list[str]:
    statuses = sorted({str(status) for status, _ in meant})
    faults_told = ", ".join(f"`{fault}`" for _, fault in meant)
    return [f"`{code}`", ", ".join(statuses) or "–", faults_told or RESERVED]
