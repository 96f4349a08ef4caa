"""One run: a world and a live server, to which every call is made and compared."""

import re
from typing import Any

from tests.contract.model.effects import EFFECTS
from tests.contract.model.ledger import expected
from tests.contract.model.request import Request
from tests.contract.model.stage import LISTINGS, Stage
from tests.contract.model.tables import OK, ROLES, operations, wording
from tests.contract.model.token import VALID, Token
from tests.contract.model.verdicts import entry, verdicts
from tests.contract.model.wire import Answer
from tests.contract.model.world import World
from tests.live import ROOT_TOKEN

MANAGING = ("listTokens", "listProjectEvents")
SEEN_BY = {"api": "api-tokens:write", "project": "project-tokens:write", "share": "shares:read"}
MORE_THAN_ANY_LIMIT = 4
UNAUTHORIZED, LINK = 401, "getPublicShare"


class Run:
    """Calls the server as the callers of one world, and holds every answer against it."""

    def __init__(self, stage: Stage) -> None:
        stage.runs += 1
        self.stage, self.clock = stage, stage.clock
        self.clock.tick()
        self.world = World(stage.root, stage.secrets, self.clock.now())
        self._witnessed: dict[Token, tuple[str, bool]] = {}

    def call(self, operation: str, token: Token | None, **parts: Any) -> Answer:
        """Call an operation with a token's secret, or with none or another `credential`."""
        parts.setdefault("credential", token and token.secret)
        request = Request(operations()[operation], token=token, at=self.clock.now(), **parts)
        answer = self._send(request)
        self.stage.seen[operation, answer.status] += 1
        if request.operation.public or self._entered(request, answer):
            self._acted(request, answer)
        self._keeps_secrets(request, answer)
        return answer

    def wait_until(self, instant: int) -> None:
        """Move the clock; who was used is written by then."""
        self.write_uses()
        self.clock.move(instant)

    def write_uses(self) -> None:
        """Let the workers write who was used, as they do each second where no test does it."""
        self.clock.flush(self.stage.wire.workers)
        for token in [self.world.root, *self.world.tokens]:
            token.written_at = token.used_at

    def witness(self) -> None:
        """Present every token that changed since the last time, but for uses that would count."""
        if self.world.has_idle_limits_to_tell():
            self.write_uses()
        now = self.clock.now()
        for token in self.world.tokens:
            stands = (token.state(now), token.is_counted)
            if self._witnessed.get(token) != stands:
                self._witnessed[token] = stands
                if not (token.is_counted and token.reason(now, None) == VALID):
                    self.present([token] * len(self.stage.wire.workers))

    def present(self, tokens: list[Token]) -> None:
        """Present tokens, each at the next door and to the next worker."""
        for token in tokens:
            door = next(self.stage.doors)
            asked = {"token": token.secret}
            if door in ("getSelf", "forwardAuth") or not token.id:
                self.call("getSelf" if not token.id else door, token)
            else:
                body = {"requests": [asked]} if door == "verifyTokens" else asked
                self.call(door, self.world.root, body=body)

    def audit(self, projects: list[str]) -> None:
        """Hold all lists, tokens, links and events against the world, and leave nothing behind."""
        counted = [token for token in self.world.tokens if token.is_counted]
        self.present(counted * MORE_THAN_ANY_LIMIT)
        for token in self.world.tokens:
            if token.kind == "share":
                self.call(LINK, None, reference=token.secret)
        self.look_around(projects[:2])
        for project in sorted(self.world.projects):
            self.call("deleteProject", self.world.root, project=project)
        self.present(self.world.tokens)
        self.write_uses()
        assert self.stage.ledger.events(projects) == expected(self.world.events)
        assert self.stage.ledger.reused(projects) == {token.id for token in self.world.reused}

    def look_around(self, projects: list[str]) -> None:
        """List everything, as root and as one of each grade and project, at home and abroad."""
        alive = [token for token in self.world.tokens if not token.end]
        for project in projects:
            for listing in MANAGING:
                self.call(listing, self.world.root, project=project, query={"limit": 100})
            for listing in LISTINGS:
                self.call(listing, self.world.root, project=project)
        for token in {(token.project, token.grade): token for token in alive}.values():
            for project in projects:
                self.call(next(self.stage.listings), token, project=project)

    def sweep(self, projects: list[str]) -> None:
        """Leave nothing behind after a disagreement, and ask nothing."""
        self.stage.disagreed = self.stage.disagreed or self.stage.runs
        for project in projects:
            self.stage.wire.send("DELETE", f"/v1/projects/{project}", ROOT_TOKEN)

    def _send(self, request: Request) -> Answer:
        operation, path = request.operation, request.operation.path
        for name in re.findall("{(.+?)}", path):
            value = request.project if name == "projectId" else request.reference
            path = path.replace(f"{{{name}}}", value)
        sent = request.body if operation.takes_body else None
        answer = self.stage.wire.send(
            operation.method, path, request.credential, sent, request.query, operation.is_form
        )
        request.id = answer.request_id
        return answer

    def _entered(self, request: Request, answer: Answer) -> bool:
        """Whether the caller was let in, as the model says; what comes of it is noted."""
        reasons, let_in = entry(request), answer.status != UNAUTHORIZED
        assert VALID in reasons if let_in else reasons != {VALID}, against(reasons, request, answer)
        if not let_in:
            assert is_one_of(answer, request, {"unauthorized"}), against(reasons, request, answer)
        if request.token:
            reason = VALID if let_in else min(reasons - {VALID})
            self.world.present(request.token, reason, request.at)
        return let_in

    def _acted(self, request: Request, answer: Answer) -> None:
        right: Any = verdicts(self.world, request)
        if answer.status == request.operation.success:
            assert OK in right, against(right, request, answer)
            right = EFFECTS[request.operation.id](self.world, request, answer)
            assert answer.body == right, against(right, request, answer)
        else:
            assert is_one_of(answer, request, right), against(right, request, answer)
            if request.operation.id == LINK and (link := self.world.holding(request.reference)):
                self.world.present(link, "refused", request.at)

    def _keeps_secrets(self, request: Request, answer: Answer) -> None:
        for token in self.world.tokens:
            if token.secret in answer.text:
                token.shown += 1
                assert may_see(request, token), against("no such secret", request, answer)


def against(right: object, request: Request, answer: Answer) -> str:
    """What was asked, what the model says, and what the server answered."""
    asked = f"{request.operation.id} {request.project} {request.reference} {request.body}"
    asked += f" {request.query} at {request.at}"
    told = f"{answer.status} {answer.text}\n  request {answer.request_id}"
    return f"{asked}\n  by {request.token or request.credential}\n  told {told}\n  model {right}"


def is_one_of(answer: Answer, request: Request, faults: set[str]) -> bool:
    """Whether the answer is the error of one of the faults, in the words of its dialect."""
    dialect, body = request.operation.dialect, answer.body
    code = next(body[name] for name in ("error", "name", "code") if name in body)
    message = body.get("message", body.get("error_description"))
    told = (answer.status, code, message)
    return any(told == wording(fault, dialect) for fault in faults - {OK})


def may_see(request: Request, token: Token) -> bool:
    """Whether a caller may be shown the secret of a token: who minted it, others by its kind."""
    caller = request.token
    if token.shown == 1 or token.kind == "project":
        return token.shown == 1
    if caller is None or caller.project not in (None, token.project):
        return False
    return SEEN_BY[token.kind] in ROLES[caller.grade]
