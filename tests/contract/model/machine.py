"""The machine: any operation, by any caller, anywhere, in any order, at any time.

Every answer is held against the model; whoever changed is presented at once.
"""

from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.contract.model.acts import WAIT, Act
from tests.contract.model.cast import Cast
from tests.contract.model.repertoire import ANY
from tests.contract.model.run import Run
from tests.contract.model.stage import Stage
from tests.contract.model.wire import Answer

ROOT, FIRST, SECOND = ("root", 0), ("any", 0), ("any", 1)
TEAM = ((FIRST, "viewer"), (FIRST, "editor"), (FIRST, "admin"), (SECOND, "admin"))


class Machine(RuleBasedStateMachine):
    """Rules of all dialects, of a token's life and of time, against one live server."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.against = Run(stage)
        self.world = self.against.world
        self.cast = Cast(self.world)
        self.sound = True

    @initialize()
    def two_projects(self) -> None:
        """There are two projects; one has a member of each role and other tokens, one an admin."""
        for where in (FIRST, SECOND):
            self.call(Act("createProject", ROOT, where))
        for where, role in TEAM:
            body = {"name": role, "role": role}
            self.call(Act("createProjectToken", ROOT, where, body=body))
        api_token = {"type": "backend", "tokenName": "one"}
        self.call(Act("createProjectApiToken", ROOT, FIRST, body=api_token))
        self.call(Act("createPublicShareToken", ROOT, FIRST))

    # One rule: of several, Hypothesis leaves out many for a whole run, and a run needs them all.
    @rule(act=ANY)
    def somebody(self, act: Act) -> None:
        """Somebody calls something, or time passes; a list is followed to its end."""
        if act.operation == WAIT:
            return self.let_time_pass(act.ahead)
        answer, seen = self.call(act), ()
        while "limit" in act.query and (cursor := answer.body.get("nextCursor")):
            seen += tuple(next(iter(answer.body.values())))
            answer = self.call(act, seen=seen, cursor=cursor)

    def let_time_pass(self, ahead: int | None) -> None:
        """So many milliseconds pass, or until a token changes by itself: a moment before it does
        not, then it does."""
        self.sound = False
        if ahead is not None:
            self.against.wait_until(self.against.clock.now() + ahead)
        elif changing := self.world.changing_next(self.against.clock.now()):
            at, tokens = changing
            self.against.wait_until(at - 1)
            self.against.present(tokens)
            self.against.wait_until(at)
        self.against.witness()
        self.sound = True

    def call(self, act: Act, seen: tuple[Any, ...] = (), **page: str) -> Answer:
        """Do as the act says, compare, and present whoever changed."""
        self.sound = False
        self.against.clock.tick()
        caller = self.cast.caller(act.who)
        parts = self.cast.parts(act, caller, self.against.clock.now())
        parts["query"] |= page
        answer = self.against.call(act.operation, caller, seen=seen, **parts)
        self.against.witness()
        self.sound = True
        return answer

    def teardown(self) -> None:
        """Compare all that there is, then delete it, and compare again."""
        try:
            if self.sound:
                self.sound = False
                self.against.audit(self.cast.projects)
                self.sound = True
        finally:
            if not self.sound:
                self.against.sweep(self.cast.projects)
