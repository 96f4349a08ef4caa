"""The machine: any operation, by any caller, anywhere, in any order.

Every answer is held against the model; whoever was minted or ended is presented at once.
"""

from dataclasses import replace

from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.contract.model.acts import ANY, WAIT, Act
from tests.contract.model.cast import Cast
from tests.contract.model.run import Run, Stage
from tests.contract.model.wire import Answer

LONGEST_WAIT = 100
ROOT, FIRST, SECOND = ("root", 0), ("any", 0), ("any", 1)
TEAM = ((FIRST, "viewer"), (FIRST, "editor"), (FIRST, "admin"), (SECOND, "admin"))


class Machine(RuleBasedStateMachine):
    """Rules of all three dialects, projects, links and self, against one live server."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.against = Run(stage)
        self.world = self.against.world
        self.cast = Cast(self.world)
        self.sound = True

    @initialize()
    def two_projects(self) -> None:
        """There are two projects; one has a member of each role and a share, one an admin."""
        for where in (FIRST, SECOND):
            self.call(Act("createProject", ROOT, where, body={}))
        for where, role in TEAM:
            body = {"name": role, "role": role}
            self.call(Act("createProjectToken", ROOT, where, body=body))
        self.call(Act("createPublicShareToken", ROOT, FIRST))

    # One rule: of several, Hypothesis leaves out many for a whole run, and a run needs them all.
    @rule(act=ANY)
    def somebody(self, act: Act) -> None:
        """Somebody calls something, or time passes; a list is followed to its end."""
        if act.operation == WAIT:
            return self.let_time_pass()
        answer = self.call(act)
        while cursor := act.query and answer.body.get("nextCursor"):
            page, last = {**act.query, "cursor": cursor}, answer.body["projects"][-1]["id"]
            answer = self.call(replace(act, query=page, after=last))

    def let_time_pass(self) -> None:
        """The next token expires that will do so in a moment, and is refused from then on."""
        now = self.against.clock.now()
        for token in self.world.expiring(now, now + LONGEST_WAIT)[:1]:
            self.against.clock.wait_until(token.expires_at or 0)
            self.against.call("getSelf", token)

    def call(self, act: Act) -> Answer:
        """Do as the act says, compare, and present whoever was minted or ended."""
        self.sound = False
        caller = self.cast.caller(act.who)
        parts = self.cast.parts(act, caller, self.against.clock.now())
        answer = self.against.call(act.operation, caller, **parts)
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
