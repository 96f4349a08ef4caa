"""The repertoire: what can be drawn, by dialect, of a token's life, and of time."""

from hypothesis import strategies as st

from tests.contract.model.acts import (
    AHEAD,
    ANYWHERE,
    BROKERS,
    MANAGED,
    MANAGERS,
    NAME,
    PRESENTED,
    WAIT,
    WHERE,
    WHICH,
    Act,
    acts,
    bodies,
)
from tests.contract.model.moments import DAY, HOUR, MINUTE
from tests.contract.model.tables import DOCUMENT

ENUMS = DOCUMENT["components"]["schemas"]
API_TOKEN = bodies(
    {"type": st.sampled_from(["backend", "CLIENT", "frontEnd"]), "tokenName": NAME},
    {"environment": st.sampled_from(["development", "production"]), "expiresAt": AHEAD},
)
PROJECT_TOKEN = bodies(
    {"name": NAME},
    {
        "role": st.sampled_from(["viewer", "editor", "admin"]),
        "type": st.sampled_from(["restricted", "unrestricted"]),
        "brokers": BROKERS,
        "valid_date": AHEAD,
    },
)
SETTINGS = st.one_of(
    bodies({"remainingUses": st.sampled_from([1, 2, 0, None])}, {}),
    bodies({"rateLimit": st.sampled_from(["1/minute", "2/hour", "3/day", None])}, {}),
    bodies({"allowedIps": st.sampled_from([["127.0.0.0/8"], ["192.0.2.0/24"], None])}, {}),
    bodies({"idleSeconds": st.sampled_from([60, 3_600, None])}, {}),
    bodies({"notBefore": st.sampled_from([HOUR, DAY, None])}, {}),
    bodies({"expiresAt": AHEAD | st.none()}, {"description": st.just("The web shop")}),
    bodies({"name": NAME}, {"brokers": BROKERS}),
)
TERMS = bodies(
    {},
    {
        "graceSeconds": st.sampled_from([60, 3_600, 604_801]),
        "endOnFirstUse": st.booleans(),
        "expiresAt": AHEAD,
    },
)
REASON = bodies({}, {"reason": st.just("The laptop was lost.")})
FILTER = {
    "kind": st.sampled_from(["api", "project", "share"]),
    "state": st.sampled_from(ENUMS["TokenState"]["enum"]),
    "role": st.sampled_from(["viewer", "editor"]),
    "name": NAME,
    "mintedBy": st.just(""),
}
NEEDS = {
    "kind": st.sampled_from(["api", "project"]),
    "type": st.sampled_from(["backend", "restricted"]),
    "environment": st.just("development"),
    "broker": st.sampled_from(["broker-1", "broker-2"]),
    "role": st.sampled_from(["viewer", "editor"]),
    "project": st.just(""),
}
ADDRESS = {"address": st.sampled_from(["127.0.0.1", "192.0.2.7"])}
EVENTS = {
    "action": st.sampled_from(["token.minted", "token.rotated", "token.revoked"]),
    "tokenId": st.just(""),
    "actor": st.just(""),
}
PAGES = {"limit": st.sampled_from([3, 100])}
THESE = {"who": MANAGERS, "where": WHERE, "which": MANAGED}
SELF = st.tuples(st.sampled_from(["member", "holder", "anybody"]), st.integers(0, 30))
# Whoever revokes itself is never root, whom all runs have in common.
ANYBODY = st.tuples(st.just("anybody"), st.integers(0, 30))

MINTS = (
    acts("createPublicShareToken", where=WHERE),
    acts("createProjectApiToken", who=MANAGERS, where=WHERE, body=API_TOKEN),
    acts("createProjectToken", where=WHERE, body=PROJECT_TOKEN),
)
DIALECTS = (
    acts("getPublicShareToken", "deletePublicShareToken", where=WHERE),
    acts("getPublicShare", which=PRESENTED),
    acts("getProjectApiToken", "deleteProjectApiToken", where=WHERE, which=WHICH),
    acts("getProjectToken", "deleteProjectToken", where=WHERE, which=WHICH),
    acts("listProjectApiTokens", "listProjectTokens", where=WHERE),
)
PROJECTS = (
    acts("getProject", "deleteProject", where=WHERE),
    acts(
        "updateProject",
        where=WHERE,
        body=bodies({"name": st.sampled_from(["First name", "Another name"])}, {})
        | bodies({"maxTokenLifetimeSeconds": st.sampled_from([7_200, None])}, {}),
    ),
    acts(
        "createProject",
        where=ANYWHERE,
        body=bodies({}, {"name": st.sampled_from(["First name", "Another name"])}),
    ),
    acts("listProjects", query=bodies({"limit": st.sampled_from([1, 2, 50])}, {})),
)
CHANGES = (
    acts("updateToken", body=SETTINGS, **THESE),
    acts("suspendToken", **THESE),
    acts("resumeToken", **THESE),
)
ROTATIONS = (
    acts("rotateToken", body=TERMS, **THESE),
    acts("rotateSelf", body=TERMS, who=SELF),
)
ENDS = (
    acts("revokeTokenById", body=REASON, **THESE),
    acts("revokeSelf", body=REASON, who=ANYBODY),
    acts("revokeToken", which=PRESENTED),
    acts(
        "revokeTokens",
        where=WHERE,
        which=MANAGED,
        body=bodies({}, {**FILTER, "confirmedCount": st.sampled_from([0, 0, 1])}),
    ),
)
LISTS = (
    acts("getToken", **THESE),
    acts(
        "listTokens",
        query=bodies(PAGES, {**FILTER, "order": st.sampled_from(ENUMS["TokenOrder"]["enum"])}),
        **THESE,
    ),
    acts("listProjectEvents", query=bodies(PAGES, EVENTS), **THESE),
    acts("listEvents", query=bodies({**PAGES, "since": st.just("")}, EVENTS), which=MANAGED),
)
DOORS = (
    acts("getSelf"),
    acts("forwardAuth", query=bodies({}, NEEDS)),
    acts("verifyToken", which=PRESENTED, body=bodies({}, {**NEEDS, **ADDRESS})),
    acts("introspectToken", which=PRESENTED, body=bodies({}, ADDRESS)),
)
# The first is the simplest: in a disagreement that was shrunk, what does not matter is a wait.
WAITS = st.builds(
    Act, st.just(WAIT), st.just(("root", 0)), ahead=st.sampled_from([None, None, MINUTE, HOUR, DAY])
)
# What makes, changes and ends tokens stands here more often than what is alike in all dialects.
ANY = st.one_of(
    *[WAITS] * 4, *MINTS * 2, *DIALECTS, *PROJECTS, *CHANGES * 2, CHANGES[0], *ROTATIONS * 2, *ENDS,
    *LISTS, *DOORS * 2,
)  # fmt: skip
