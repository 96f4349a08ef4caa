"""The machine: any operation, by any caller, anywhere, in any order, at any time.

Every answer is held against the model; whoever changed is presented at once.
"""

from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.contract.model.acts import WAIT, Act
from tests.contract.model.cast import Cast
from tests.contract.model.moments import MINUTE
from tests.contract.model.repertoire import ANY
from tests.contract.model.run import Run
from tests.contract.model.stage import Stage

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
        """There are two projects; one has a member of each role and other tokens, one an admin.

        One token has few uses left, another does not live long: its name is to be had anew.
        """
        self.sound = False
        for where in (FIRST, SECOND):
            self.call(Act("createProject", ROOT, where))
        for where, role in TEAM:
            body = {"name": role, "role": role}
            self.call(Act("createProjectToken", ROOT, where, body=body))
        for brief in ({}, {"tokenName": "two", "expiresAt": MINUTE}):
            api_token = {"type": "backend", "tokenName": "one", **brief}
            self.call(Act("createProjectApiToken", ROOT, FIRST, body=api_token))
        few = {"remainingUses": 2}
        self.call(Act("updateToken", ROOT, FIRST, which=("there", len(TEAM) - 1, "id"), body=few))
        self.call(Act("createPublicShareToken", ROOT, FIRST))
        self.sound = True

    # One rule: of several, Hypothesis leaves out many for a whole run, and a run needs them all.
    @rule(act=ANY)
    def somebody(self, act: Act) -> None:
        """Somebody calls something, or time passes."""
        self.sound = False
        if act.operation == WAIT:
            self.let_time_pass(act.ahead)
            self.against.witness()
        else:
            self.call(act)
        self.sound = True

    def let_time_pass(self, ahead: int | None) -> None:
        """So many milliseconds pass; or all until a token changes by itself, but not before."""
        now = self.against.clock.now()
        if ahead is not None:
            self.against.wait_until(now + ahead)
        elif changing := self.world.changing_next(now):
            at, tokens = changing
            self.against.wait_until(at - 1)
            self.against.present(tokens)
            self.against.wait_until(at)

    def call(self, act: Act) -> None:
        """Do as the act says, compare, and present whoever changed; a list is read to its end."""
        # Until a use is written, it is no use to the other worker.
        if "idleSeconds" in act.body or self.world.has_idle_limits_to_tell():
            self.against.write_uses()
        self.against.clock.tick()
        caller = self.cast.caller(act.who)
        parts = self.cast.parts(act, caller, self.against.clock.now())
        answer = self.against.call(act.operation, caller, **parts)
        self.against.witness()
        while "limit" in act.query and (cursor := answer.body.get("nextCursor")):
            parts["seen"] = (*parts.get("seen", ()), *next(iter(answer.body.values())))
            parts["query"] = {**parts["query"], "cursor": cursor}
            answer = self.against.call(act.operation, caller, **parts)
            self.against.witness()

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
