"""docs/unleash-compatibility.md: prose that people write, with figures and tables from a replay."""

from collections import Counter
from pathlib import Path

from tests.contract.documentation import markdown
from tests.contract.documentation.markdown import table
from tests.contract.unleash_corpus import DECISIONS, Exchange, Replayed

FILE = Path(__file__).parents[2] / "docs" / "unleash-compatibility.md"
PREFIX = "/api/admin/projects/"
USUAL_HEADERS = {"Authorization": "{root}", "Content-Type": "application/json"}


def write(replayed: list[Replayed]) -> None:
    """Put what a replay found into the document."""
    FILE.write_text(filled_in(FILE.read_text(encoding="utf-8"), replayed), encoding="utf-8")


def filled_in(document: str, replayed: list[Replayed]) -> str:
    """The document with the parts that a replay makes."""
    parts = {"figures": figures, "differences": differences, "exchanges": exchanges}
    return markdown.filled_in(document, {name: part(replayed) for name, part in parts.items()})


def figures(replayed: list[Replayed]) -> str:
    """How many exchanges agree, in status and in keys."""
    alike = [one for one in replayed if one.agrees]
    with_body = [one for one in alike if one.exchange.keys and one.answer.body is not None]
    rows = [
        ("exchanges", len(replayed)),
        ("the status agrees", len(alike)),
        *((f"agreeing: {name}", count) for name, count in _key_figures(alike, with_body)),
        ("the status differs, on purpose", len(replayed) - len(alike)),
        ("differing: Unleash fails with 500", _failures(replayed)),
    ]
    return table(["", "number"], [[name, str(count)] for name, count in rows])


def _key_figures(alike: list[Replayed], with_body: list[Replayed]) -> list[tuple[str, int]]:
    return [
        ("both bodies have the same keys", sum(not one.keys.differ for one in with_body)),
        ("Jeton has all of Unleash's keys and more", sum(_only_more(one) for one in with_body)),
        ("Jeton lacks a key (errors only)", sum(bool(one.keys.fewer) for one in with_body)),
        ("no JSON body on one side or both", len(alike) - len(with_body)),
    ]


def _only_more(one: Replayed) -> bool:
    return bool(one.keys.more) and not one.keys.fewer


def _failures(replayed: list[Replayed]) -> int:
    return sum(one.exchange.status == 500 and not one.agrees for one in replayed)


def differences(replayed: list[Replayed]) -> str:
    """The decisions with their reasons, and how many exchanges show each."""
    shown = Counter(name for one in replayed for name in one.decisions)
    statuses = Counter(name for one in replayed for name in one.decisions if not one.agrees)
    rows = [
        [f"`{name}`", f"**{told.title}.** {told.reason}", str(shown[name]), str(statuses[name])]
        for name, told in DECISIONS.items()
    ]
    return table(["decision", "what and why", "exchanges", "of another status"], rows)


def exchanges(replayed: list[Replayed]) -> str:
    """Every exchange with both statuses."""
    rows = [
        [
            one.exchange.case,
            _request(one.exchange),
            str(one.exchange.status),
            str(one.answer.status) if one.agrees else f"**{one.answer.status}**",
            _keys(one),
            ", ".join(f"`{name}`" for name in one.decisions),
        ]
        for one in replayed
    ]
    return table(["case", "request", "Unleash", "Jeton", "keys", "decisions"], rows)


def _request(exchange: Exchange) -> str:
    parts = [f"{exchange.method} {exchange.path.removeprefix(PREFIX)}"]
    for name, value in exchange.headers.items():
        if value != USUAL_HEADERS.get(name):
            parts.append(f"{name}: {value}")
    if exchange.sent:
        parts.append(exchange.sent)
    told = "<br>".join(f"`{part}`" for part in parts)
    return told if "Authorization" in exchange.headers else f"{told}<br>no credential"


def _keys(one: Replayed) -> str:
    if not one.agrees or not (one.exchange.keys or one.answer.body):
        return "–"
    more = [f"+{key}" for key in one.keys.more]
    fewer = [f"−{key}" for key in one.keys.fewer]
    return " ".join(more + fewer) or "same"
