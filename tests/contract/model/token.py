"""A token as the model knows it, and the one place that says what it is good for."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network
from typing import Any

from tests.contract.model.moments import DAY, HOUR, MINUTE, SECOND, instant
from tests.contract.model.tables import ROLE_OF, ROLES, grants

ACTIVE, VALID = "active", "valid"
EXHAUSTED, RATE_LIMITED = "exhausted", "rate_limited"
DEAD = ("rotated", "expired", "revoked")
UNITS = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY}
SETTINGS = {"description", "notBefore", "idleSeconds", "allowedIps", "rateLimit", "remainingUses"}
Json = dict[str, Any]


@dataclass(frozen=True)
class End:
    """How a token was ended, when, by whom, and why."""

    reason: str
    at: int
    by: "Token"
    note: str | None


@dataclass(eq=False)
class Token:
    """A token; instants are milliseconds since 1970. `id` is empty until an answer has told it.

    `settings` are those that only management gives, in its words. `replaces` is the token that
    ends with the first use of this one; a token is `buried` with its project. `used_at` is its
    latest use, `written_at` that which the database knows of; `granted` are the uses that count;
    `shown` is how often its secret was told.
    """

    id: str
    kind: str
    project: str | None
    name: str
    secret: str
    issuer: str
    created_at: int
    role: str | None = None
    type: str | None = None
    environment: str | None = None
    brokers: tuple[str, ...] = ()
    fingerprint: str = ""
    expires_at: int | None = None
    settings: Json = field(default_factory=dict)
    suspended_at: int | None = None
    rotated_from: "Token | None" = None
    rotated_to: "Token | None" = None
    retires_at: int | None = None
    replaces: "Token | None" = None
    end: End | None = None
    gave_up_its_name: bool = False
    buried: bool = False
    used_at: int | None = None
    written_at: int | None = None
    granted: list[int] = field(default_factory=list)
    shown: int = 0

    def state(self, at: int) -> str:
        """What has become of it at an instant, as the database knows."""
        if self.end:
            return "rotated" if self.end.reason == "rotated" else "revoked"
        return next((state for state, holds in STATES.items() if holds(self, at)), ACTIVE)

    def reason(self, at: int, address: str | None) -> str:
        """Why it is not good where it is presented, or `valid`; the worker knows of all uses."""
        state = replace(self, written_at=self.used_at).state(at)
        if state in DEAD:
            return "revoked" if self.end else "expired"
        if state in (ACTIVE, EXHAUSTED) and self._is_elsewhere(address):
            return "ip_not_allowed"
        return VALID if state == ACTIVE else state

    def reasons(self, at: int, address: str | None) -> set[str]:
        """The same where a use is counted: in the last tenth of its time a rate may say both."""
        reason = self.reason(at, address)
        return self.payer.granting(at) if reason == VALID and self.is_counted else {reason}

    def granting(self, at: int) -> set[str]:
        """What may be told of one use more."""
        if self.settings.get("remainingUses") == 0:
            return {EXHAUSTED}
        if "rateLimit" not in self.settings:
            return {VALID}
        amount, _, unit = self.settings["rateLimit"].partition("/")
        surely = [use for use in self.granted if at - use <= UNITS[unit]]
        perhaps = [use for use in self.granted if at - use < UNITS[unit] * 11 // 10]
        refused = {RATE_LIMITED} if len(perhaps) >= int(amount) else set()
        return refused if len(surely) >= int(amount) else refused | {VALID}

    def is_dead(self, at: int) -> bool:
        """Whether it is good for nothing ever after."""
        return self.state(at) in DEAD

    def is_listed(self, at: int) -> bool:
        """Whether the lists of dialects show it: expired ones stay until they are revoked."""
        return self.end is None and (self.retires_at is None or at < self.retires_at)

    def keeps_its_name(self, at: int) -> bool:
        """Whether no other may have its name: who expired or was rotated gives it up."""
        is_over = self.expires_at is not None and at >= self.expires_at
        return self.end is None and self.rotated_to is None and not is_over

    def moments(self) -> list[int]:
        """The instants at which its state may change by itself."""
        idle = self._idle_at(self.used_at) if "idleSeconds" in self.settings else None
        found = (self.expires_at, self.retires_at, self._valid_from, idle)
        return [at for at in found if at is not None]

    def unmet(self, needs: Json) -> str:
        """The first requirement that it does not meet, or `valid`; root meets them all."""
        broken = (reason for reason, fails in NEEDS.items() if fails(self, needs))
        return VALID if self.kind == "root" else next(broken, VALID)

    def shape(self) -> Json:
        """All that management can change."""
        own = {"name": self.name, "brokers": self.brokers, "expires_at": self.expires_at}
        return {**own, **self.settings}

    def set(self, asked: Json, expires_at: int | None) -> None:
        """Take other settings; null removes one, and another rate begins anew."""
        rate = self.settings.get("rateLimit")
        self.name = asked.get("name", self.name)
        self.brokers = tuple(asked.get("brokers", self.brokers))
        self.expires_at = expires_at
        changed = {**self.settings, **{name: asked[name] for name in SETTINGS & asked.keys()}}
        self.settings = {name: value for name, value in changed.items() if value is not None}
        if self.settings.get("rateLimit") != rate:
            self.granted = []

    @property
    def is_counted(self) -> bool:
        """Whether its uses count."""
        limits = {"remainingUses", "rateLimit"} & self.settings.keys()
        return bool(limits) or self.replaces is not None

    @property
    def payer(self) -> "Token":
        """The last that it was rotated to: they have their uses in common."""
        return self.rotated_to.payer if self.rotated_to else self

    def covers(self, networks: list[str] | None) -> bool:
        """Whether a token of these networks, or of all, is good nowhere but where this one is."""
        mine = [ip_network(each) for each in self.settings.get("allowedIps") or []]
        theirs = [ip_network(each) for each in networks or []]
        return not mine or bool(theirs and all(_lies_in(each, mine) for each in theirs))

    @property
    def grade(self) -> str:
        """The row of `x-roles` that applies to who holds it."""
        return self.role or ROLE_OF.get(self.type or "") or ROLE_OF[self.kind]

    @property
    def masked(self) -> str:
        """The secret of an API token without its random part, but for four characters."""
        return f"{self.project}:{self.environment}.****{self.secret[-4:]}"

    @property
    def _valid_from(self) -> int | None:
        return instant(self.settings["notBefore"]) if "notBefore" in self.settings else None

    def _idle_at(self, used_at: int | None) -> int:
        return max(self.created_at, used_at or 0) + self.settings["idleSeconds"] * SECOND

    def _is_elsewhere(self, address: str | None) -> bool:
        networks = map(ip_network, self.settings.get("allowedIps", ()))
        if "allowedIps" not in self.settings:
            return False
        return address is None or not any(ip_address(address) in each for each in networks)


def _lies_in(inner: Any, outer: list[Any]) -> bool:
    same = (each for each in outer if each.version == inner.version)
    return any(inner.subnet_of(each) for each in same)


STATES: dict[str, Callable[[Token, int], bool]] = {
    "rotated": lambda token, at: token.retires_at is not None and at >= token.retires_at,
    "expired": lambda token, at: token.expires_at is not None and at >= token.expires_at,
    "suspended": lambda token, at: token.suspended_at is not None,
    "not_yet_valid": lambda token, at: at < (token._valid_from or 0),
    "idle": lambda token, at: (
        "idleSeconds" in token.settings and at >= token._idle_at(token.written_at)
    ),
    EXHAUSTED: lambda token, at: token.settings.get("remainingUses") == 0,
}
NEEDS: dict[str, Callable[[Token, Json], bool]] = {
    "wrong_project": lambda token, needs: needs.get("project", token.project) != token.project,
    "wrong_environment": lambda token, needs: (
        needs.get("environment", token.environment) != token.environment
    ),
    "wrong_type": lambda token, needs: (
        needs.get("kind", token.kind) != token.kind or needs.get("type", token.type) != token.type
    ),
    "wrong_broker": lambda token, needs: (
        "broker" in needs and token.type != "unrestricted" and needs["broker"] not in token.brokers
    ),
    "insufficient_role": lambda token, needs: (
        "role" in needs and not (token.role in ROLES and grants(token.role, needs["role"]))
    ),
}
