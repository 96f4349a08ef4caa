"""One run: a world and a live server, to which every call is made and compared."""

import re
from collections import Counter
from typing import Any

from tests.contract.model import effects, shapes
from tests.contract.model.ledger import Ledger, expected
from tests.contract.model.moments import Clock, instant
from tests.contract.model.tables import OK, ROLES, operations, wording
from tests.contract.model.verdicts import Request, possible
from tests.contract.model.wire import Answer, Wire
from tests.contract.model.world import State, Token, World
from tests.live import ROOT_TOKEN, Server

LISTINGS = ("listProjectApiTokens", "listProjectTokens", "getPublicShareToken")
SEEN_BY = {"api": "api-tokens:write", "project": "project-tokens:write", "share": "shares:read"}


class Stage:
    """A live server and what runs have in common: connections, its root token, old secrets.

    `clock` is the one that the server reads. `seen` counts what was called and how it ended.
    """

    def __init__(self, server: Server, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.wire = Wire(server, self.clock)
        self.ledger = Ledger(server.settings["JETON_DATABASE_URL"])
        self.secrets: set[str] = set()
        self.runs = 0
        self.disagreed: int | None = None
        self.seen: Counter[tuple[str, int]] = Counter()
        self.root = self._root()

    def close(self) -> None:
        """Close the connections."""
        self.wire.close()
        self.ledger.close()

    def _root(self) -> Token:
        me = self.wire.send("GET", "/v1/self", ROOT_TOKEN, None).body
        return Token(
            id=me["id"],
            kind="root",
            project=None,
            name=me["name"],
            secret=ROOT_TOKEN,
            issuer="",
            created_at=instant(me["createdAt"]),
            role="root",
        )


class Run:
    """Calls the server as the callers of one world, and holds every answer against it."""

    def __init__(self, stage: Stage) -> None:
        stage.runs += 1
        self.stage, self.clock = stage, stage.clock
        self.world = World(stage.root, stage.secrets)
        self._witnessed: dict[Token, State | None] = {}

    def call(self, operation: str, token: Token | None, **parts: Any) -> Answer:
        """Call an operation with a token's secret, or with none or another `credential`."""
        parts.setdefault("credential", token and token.secret)
        request = Request(operations()[operation], token=token, **parts)
        answer = self._send(request)
        self.stage.seen[operation, answer.status] += 1
        right = possible(self.world, request, answer.window)
        if token and not request.operation.public and token.authenticates(answer.window.start):
            token.used_at = token.used_at or answer.window.start
        if answer.status == request.operation.success:
            assert OK in right, against(right, request, answer)
            self._succeeded(request, answer)
        else:
            assert is_one_of(answer, request, right), against(right, request, answer)
        self._keeps_secrets(request, answer)
        return answer

    def witness(self) -> None:
        """Present every token that was minted or ended since the last time, to every worker."""
        for token in self.world.tokens:
            if token not in self._witnessed or self._witnessed[token] != token.end:
                self._witnessed[token] = token.end
                for _ in range(self.stage.wire.workers):
                    self.call("getSelf", token)

    def audit(self, projects: list[str]) -> None:
        """Hold all lists, tokens, links and events against the world, and leave nothing behind."""
        for token in [self.world.root, *self.world.tokens]:
            self.call("getSelf", token)
            if token.kind == "share":
                self.call("getPublicShare", None, reference=token.secret)
        self.look_around(projects[:2])
        for project in sorted(self.world.projects):
            self.call("deleteProject", self.world.root, project=project)
        self.witness()
        assert self.stage.ledger.events(projects) == expected(self.world.events)

    def look_around(self, projects: list[str]) -> None:
        """List everything, as root and as one of each grade and project, at home and abroad."""
        there = [self.world.root, *(token for token in self.world.tokens if token.is_listed)]
        for token in {(token.project, token.grade): token for token in there}.values():
            for project in projects:
                for listing in LISTINGS:
                    self.call(listing, token, project=project)

    def sweep(self, projects: list[str]) -> None:
        """Leave nothing behind after a disagreement, and ask nothing."""
        self.stage.disagreed = self.stage.disagreed or self.stage.runs
        for project in projects:
            self.stage.wire.send("DELETE", f"/v1/projects/{project}", ROOT_TOKEN, None)

    def _send(self, request: Request) -> Answer:
        path = request.operation.path
        for name in re.findall("{(.+?)}", path):
            value = request.project if name == "projectId" else request.reference
            path = path.replace(f"{{{name}}}", value)
        if request.query:
            path += "?" + "&".join(f"{name}={value}" for name, value in request.query.items())
        return self.stage.wire.send(
            request.operation.method, path, request.credential, request.body
        )

    def _succeeded(self, request: Request, answer: Answer) -> None:
        effect = getattr(effects, re.sub("([A-Z])", r"_\1", request.operation.id).lower())
        right = effect(self.world, request, answer)
        assert shapes.filled(answer.body) == right, against(right, request, answer)

    def _keeps_secrets(self, request: Request, answer: Answer) -> None:
        for token in self.world.tokens:
            if token.secret in answer.text:
                token.shown += 1
                assert may_see(request, token), against("no such secret", request, answer)


def against(right: object, request: Request, answer: Answer) -> str:
    """What was asked, what the model says, and what the server answered."""
    asked = f"{request.operation.id} {request.project} {request.reference} {request.body}"
    told = f"{answer.status} {answer.text}\n  within {answer.window}, request {answer.request_id}"
    return f"{asked}\n  by {request.token or request.credential}\n  told {told}\n  model {right}"


def is_one_of(answer: Answer, request: Request, faults: set[str]) -> bool:
    """Whether the answer is the error of one of the faults, in the words of its dialect."""
    dialect, body = request.operation.dialect, answer.body
    code = body.get("name") if dialect == "admin" else body.get("code")
    told = (answer.status, code, body["message"])
    return any(told == wording(fault, dialect) for fault in faults - {OK})


def may_see(request: Request, token: Token) -> bool:
    """Whether a caller may be shown the secret of a token; that of a project token but once."""
    caller = request.token
    if token.kind == "project" and token.shown > 1:
        return False
    if caller is None or caller.project not in (None, token.project):
        return False
    return SEEN_BY[token.kind] in ROLES[caller.grade]
