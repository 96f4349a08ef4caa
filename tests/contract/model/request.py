"""One call to the server, as the model sees it."""

from dataclasses import dataclass, field

from tests.contract.model.records import Cause
from tests.contract.model.tables import Operation
from tests.contract.model.token import Json, Token
from tests.contract.model.world import expiry_of

HOME = "127.0.0.1"


@dataclass
class Request:
    """`token` is whose secret was sent, if it was anybody's; `id` is told by the answer.

    `seen` are the items of the pages before.
    """

    operation: Operation
    credential: str | None
    token: Token | None
    at: int
    project: str = ""
    reference: str = ""
    body: Json = field(default_factory=dict)
    query: Json = field(default_factory=dict)
    seen: tuple[Json, ...] = ()
    id: str = ""

    @property
    def caller(self) -> Token:
        """Who called; only where the call was let in."""
        assert self.token is not None
        return self.token

    @property
    def cause(self) -> Cause:
        """The cause of what it changes."""
        return Cause(self.caller, self.caller.name, self.at, self.id)

    @property
    def expires_at(self) -> int | None:
        """When the token that it asks for is to expire."""
        return expiry_of(self.body)
