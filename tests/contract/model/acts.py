"""Acts: who calls which operation, where, on what; the strategies that draw them, by dialect.

An act holds numbers that point at whatever there is (see `cast`): what is drawn never depends on
the world, so that a run can be repeated although time goes on.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Pick = tuple[str, int]
Reference = tuple[str, int, str]
WAIT = "wait"
Acts = st.SearchStrategy["Act"]


@dataclass(frozen=True)
class Act:
    """One call. A token to mint expires `ahead` milliseconds from then, or never.

    `after` is where a page of a list begins.
    """

    operation: str
    who: Pick
    where: Pick | None = None
    which: Reference | None = None
    body: dict[str, Any] | None = None
    expiry: str = ""
    ahead: int | None = None
    query: dict[str, Any] = field(default_factory=dict)
    after: str = ""

    @property
    def kind(self) -> str:
        """The kind of token that it speaks of."""
        kinds = {"ApiToken": "api", "PublicShare": "share"}
        return next((kind for word, kind in kinds.items() if word in self.operation), "project")


WHO = st.tuples(
    st.sampled_from(["root", "root", "member", "member", "holder", "anybody", "stranger"]),
    st.integers(0, 30),
)
WHERE = st.tuples(st.sampled_from(["home", "home", "any"]), st.integers(0, 3))
ANYWHERE = st.tuples(st.just("any"), st.integers(0, 2))
WHICH = st.tuples(
    st.sampled_from(["there", "there", "there", "any", "unknown"]),
    st.integers(0, 30),
    st.sampled_from(["id", "secret"]),
)
AHEAD = st.sampled_from([None, None, 40, 90, 3_600_000, -1_000])
NAME = st.sampled_from(["one", "two", "three"])
TITLE = st.sampled_from(["First name", "Another name"])
BROKERS = st.sampled_from([["broker-1"], ["broker-1", "broker-2"]])


def acts(*operations: str, **parts: st.SearchStrategy[Any]) -> Acts:
    """Acts of some operations by anybody."""
    return st.builds(Act, operation=st.sampled_from(operations), who=WHO, **parts)


def bodies(needed: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Bodies of a request."""
    return st.fixed_dictionaries(needed, optional=optional)


API_TOKEN = bodies(
    {"type": st.sampled_from(["backend", "CLIENT", "frontEnd"]), "tokenName": NAME},
    {"environment": st.sampled_from(["development", "production"])},
)
PROJECT_TOKEN = bodies(
    {"name": NAME},
    {
        "role": st.sampled_from(["viewer", "editor", "admin"]),
        "type": st.sampled_from(["restricted", "unrestricted"]),
        "brokers": BROKERS,
    },
)
SHARE_TOKENS = acts(
    "getPublicShareToken", "createPublicShareToken", "deletePublicShareToken", where=WHERE
)
API_TOKENS = (
    acts(
        "createProjectApiToken",
        where=WHERE,
        body=API_TOKEN,
        expiry=st.just("expiresAt"),
        ahead=AHEAD,
    ),
    acts("getProjectApiToken", "deleteProjectApiToken", where=WHERE, which=WHICH),
    acts("listProjectApiTokens", where=WHERE),
)
PROJECT_TOKENS = (
    acts(
        "createProjectToken",
        where=WHERE,
        body=PROJECT_TOKEN,
        expiry=st.just("valid_date"),
        ahead=AHEAD,
    ),
    acts("getProjectToken", "deleteProjectToken", where=WHERE, which=WHICH),
    acts("listProjectTokens", where=WHERE),
)
PROJECTS = (
    acts("getProject", "deleteProject", where=WHERE),
    acts("updateProject", where=WHERE, body=bodies({"name": TITLE}, {})),
    acts("createProject", where=ANYWHERE, body=bodies({}, {"name": TITLE})),
    acts("listProjects", query=st.fixed_dictionaries({"limit": st.sampled_from([1, 2, 50])})),
)
OPEN = (acts("getSelf"), acts("getPublicShare", which=WHICH))
# What makes and ends tokens stands here twice, to be drawn as often. The first is the simplest: in
# a disagreement that was shrunk, what does not matter is a wait.
ANY = st.one_of(
    st.just(Act(WAIT, ("root", 0))),
    SHARE_TOKENS,
    SHARE_TOKENS,
    *API_TOKENS[:2],
    *API_TOKENS,
    *PROJECT_TOKENS[:2],
    *PROJECT_TOKENS,
    *PROJECTS,
    *OPEN,
)
