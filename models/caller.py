"""Who holds a credential and what they may do."""

from dataclasses import dataclass

from models.addresses import covers


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a verified token, or a tool that acts for its operator.

    `project` is None for callers of the whole server. `permissions` and `grants` come from the
    roles of the contract; `address` and `request_id` say where the call came from. The token of
    one that `only_replays` is dead: nothing is done for it, it only hears again what it heard.
    `networks` are those that its token is bound to, in JSON; None is everywhere.
    """

    token_id: str
    kind: str
    name: str
    project: str | None
    permissions: frozenset[str]
    grants: frozenset[str]
    address: str | None = None
    request_id: str | None = None
    only_replays: bool = False
    networks: str | None = None

    @classmethod
    def holder(
        cls, token_id: str, kind: str, name: str, project: str | None, address: str | None = None
    ) -> "Caller":
        """Whoever holds a token, without any permission: the actor of what its use brings about."""
        return cls(token_id, kind, name, project, frozenset(), frozenset(), address)

    def reaches(self, project: str | None) -> bool:
        """Whether that project is the caller's own, or the caller is root; None is the server."""
        return self.project is None or self.project == project

    def may(self, permission: str) -> bool:
        """Whether a role of the caller has that permission."""
        return permission in self.permissions

    def holds(self, role: str | None) -> bool:
        """Whether the caller could mint a token of that role: it may do all that the role may."""
        return role is None or role in self.grants

    def covers(self, networks: str | None) -> bool:
        """Whether a token of these networks, as in `networks`, is good nowhere but the caller's."""
        return self.networks is None or covers(self.networks, networks)
