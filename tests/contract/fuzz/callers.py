"""Who calls: root, each role of a project, holders of API tokens, the public, and nobody."""

from dataclasses import dataclass, field

from handlers.wire.contract import Operation, contract
from tests.actors import ADMIN, SHARE, TOKENS, Caller
from tests.contract.fuzz.target import Target

MEMBERS = ("admin", "editor", "viewer", "holder", "public")
OF_API_TOKENS = {"holder": "backend", "public": "frontend"}
CALLERS = ("root", *MEMBERS, "nobody")
PLACES = ("home", "abroad", "shared")
# Enough for reads to find some alive after the deletions of a run.
TOKENS_OF_A_KIND = 12
# The project that the contract's examples speak of; without it most of them would end in 404.
EXAMPLE = contract.document["components"]["schemas"]["ProjectId"]["example"]
ENDS_A_TOKEN = (
    "deleteProjectToken",
    "revokeTokenById",
    "suspendToken",
    "rotateToken",
    "updateToken",
)
ENDS_A_SHARE = ("createPublicShareToken", "deletePublicShareToken", "deleteProject")


@dataclass(frozen=True)
class Cast:
    """One caller of a run, and the world that their requests draw from.

    `credentials` are the caller's token and, for members, that of a peer of another project,
    `abroad`. `words` are values by path parameter. `spared` are pairs of an operation id and a
    value that it must not get, for all that follows would fail.
    """

    role: str
    credentials: dict[str, str] = field(repr=False)
    words: dict[str, list[str]] = field(default_factory=dict, repr=False)
    abroad: str = ""
    spared: list[tuple[str, str]] = field(default_factory=list)

    def permits(self, operation: Operation) -> bool:
        """Whether the contract lets this caller do that."""
        held = contract.roles.get(self.role, frozenset())
        return operation.permission is None or operation.permission in held


def cast(target: Target, role: str) -> Cast:
    """A caller of that role with a project of their own and a peer abroad, made by root."""
    root, mark = target.holder, target.mark
    root("POST", "/v1/projects", json={"id": EXAMPLE})
    home, abroad, shared = (_project(root, f"{role}-{at}{mark}") for at in PLACES)
    credentials = {"root": target.token} if role == "root" else {}
    if role in MEMBERS:
        credentials = {"caller": _token(root, home, role), "peer": _token(root, abroad, role)}
    spared = [
        ("deleteProject", home),
        ("deleteProject", EXAMPLE),
        *(_spared(root, credentials.get("caller"))),
    ]
    spared += [(operation, shared) for operation in ENDS_A_SHARE]
    # Three in four requests that name a project of these stay at home.
    words = {"projectId": [home, home, home, abroad], **_tokens(root, home, shared)}
    return Cast(role, credentials, words, abroad, spared)


def itself(target: Target) -> Cast:
    """The caller who holds a token that may not make others."""
    told = target.holder("GET", "/v1/self").json()
    role = contract.role_of(told.get("role"), told["kind"], told.get("type"))
    words = {"projectId": [told["project"]]}
    return Cast(role, {"caller": target.token}, words, spared=_spared(target.holder, target.token))


def _spared(caller: Caller, token: str | None) -> list[tuple[str, str]]:
    if token is None:
        return []
    told = Caller(caller.url, token)("GET", "/v1/self").json()
    return [(operation, told["id"]) for operation in ENDS_A_TOKEN]


def _project(root: Caller, project: str) -> str:
    assert root("POST", "/v1/projects", json={"id": project}).status_code == 201
    return project


def _token(root: Caller, project: str, role: str) -> str:
    if role in OF_API_TOKENS:
        minted = ADMIN.mint(root, project, tokenName="caller", type=OF_API_TOKENS[role])
        return ADMIN.secret(minted)
    return TOKENS.secret(TOKENS.mint(root, project, name="caller", role=role))


def _tokens(root: Caller, project: str, shared: str) -> dict[str, list[str]]:
    SHARE.mint(root, project)
    names = [f"one-of-many-{n}" for n in range(TOKENS_OF_A_KIND)]
    return {
        "token": [ADMIN.secret(ADMIN.mint(root, project, tokenName=name)) for name in names],
        "tokenId": [TOKENS.reference(TOKENS.mint(root, project, name=name)) for name in names],
        "shareToken": [SHARE.secret(SHARE.mint(root, shared))],
    }
