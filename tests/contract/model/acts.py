"""Acts: who calls which operation, where, on what; and the parts that all strategies share.

An act holds numbers that point at whatever there is (see `cast`): what is drawn never depends on
the world, so that a run can be repeated although time goes on.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.contract.model.moments import DAY, HOUR, MINUTE

Pick = tuple[str, int]
Reference = tuple[str, int, str]
WAIT = "wait"
Acts = st.SearchStrategy["Act"]
Bodies = st.SearchStrategy[dict[str, Any]]
KINDS = {"ApiToken": "api", "ProjectToken": "project", "PublicShare": "share"}


@dataclass(frozen=True)
class Act:
    """One call, or a wait of `ahead` milliseconds: without, until something changes by itself.

    Instants in its body are milliseconds from then; a count to confirm is how much it is wrong by.
    """

    operation: str
    who: Pick
    where: Pick | None = None
    which: Reference | None = None
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    ahead: int | None = None

    @property
    def kind(self) -> str | None:
        """The kind of token that it speaks of; None for any."""
        return next((kind for word, kind in KINDS.items() if word in self.operation), None)


WHO = st.tuples(
    st.sampled_from(["root", "root", "member", "member", "holder", "anybody", "stranger"]),
    st.integers(0, 30),
)
MANAGERS = st.tuples(
    st.sampled_from(["root", "root", "root", "member", "member", "anybody"]), st.integers(0, 30)
)
WHERE = st.tuples(st.sampled_from(["home", "home", "any"]), st.integers(0, 3))
ANYWHERE = st.tuples(st.just("any"), st.integers(0, 2))
PLACES = st.sampled_from(["there", "there", "there", "there", "any", "unknown"])
WHICH = st.tuples(PLACES, st.integers(0, 30), st.sampled_from(["id", "secret"]))
MANAGED = st.tuples(PLACES, st.integers(0, 30), st.just("id"))
PRESENTED = st.tuples(PLACES, st.integers(0, 30), st.just("secret"))
# The last two are no expiries that a token can have.
AHEAD = st.sampled_from([MINUTE, MINUTE, HOUR, HOUR, 3 * DAY, 3 * DAY, -HOUR, 40_000 * DAY])
NAME = st.sampled_from(["one", "two", "three"])
BROKERS = st.sampled_from([["broker-1"], ["broker-1", "broker-2"]])


def acts(*operations: str, **parts: st.SearchStrategy[Any]) -> Acts:
    """Acts of some operations, by anybody."""
    return st.builds(Act, operation=st.sampled_from(operations), **{"who": WHO, **parts})


def bodies(needed: dict[str, Any], optional: dict[str, Any]) -> Bodies:
    """Bodies of a request, or queries."""
    return st.fixed_dictionaries(needed, optional=optional)
