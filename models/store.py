"""The opened store: which database, which keys, and what the operator allows."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import database
from models.secrets import Keyring


@dataclass(frozen=True)
class Policy:
    """What the operator allows. An empty `environments` allows any; no `max_lifetime`, forever."""

    max_projects: int = 1_000
    max_tokens_per_project: int = 10_000
    environments: tuple[str, ...] = ()
    show_secrets: bool = True
    max_lifetime_seconds: int | None = None
    max_grace_seconds: int = 7 * 86_400
    purge_days: int = 30
    remember_tokens: bool = True


class Store:
    """The one open store of this process."""

    keyring: Keyring
    policy: Policy = Policy()


store = Store()


def open_store(url: str, keys: Sequence[bytes], policy: Policy) -> None:
    """Bind models, keys and policy; opens no connection yet."""
    database.connect(url)
    store.keyring = Keyring(keys)
    store.policy = policy
