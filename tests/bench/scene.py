"""The scene: the projects and tokens that the benchmark asks for, in an empty store of a Jeton."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from handlers.wire.keys import decode_keys
from models.secrets import Keyring
from tests.bench import bulk
from tests.bench.servers import Running
from tests.live import ROOT_TOKEN

SHARED, CREATED = "bench-shared", "bench-create-{}"
LISTED = {100: "bench-list-100", 1_000: "bench-list-1000"}
CREATE_PROJECTS = 50


@dataclass(frozen=True)
class Scene:
    """The secrets of the tokens that ask, and of the one that is asked for."""

    root: str
    viewer: str
    guarded: str
    stranger: str = "no-token-of-this-server"


def build(jeton: Running) -> Scene:
    """Make all of it: what asks is minted by Jeton itself, what is listed is loaded."""
    loaded = [CREATED.format(number) for number in range(CREATE_PROJECTS)]
    url, keyring = jeton.settings["JETON_DATABASE_URL"], keyring_of(jeton)
    bulk.write(url, [*loaded, *LISTED.values()], _listed(keyring), lambda _: None)
    with httpx.Client(base_url=jeton.url, headers=bearer(ROOT_TOKEN)) as client:
        _posted(client, "/v1/projects", {"id": SHARED})
        _posted(client, f"/v1/projects/{SHARED}/public-share-token", None)
        token = {"type": "backend", "tokenName": "guarded", "environment": bulk.ENVIRONMENT}
        guarded = _posted(client, f"/api/admin/projects/{SHARED}/api-tokens", token)["secret"]
        viewer = {"name": "asks", "role": "viewer"}
        asking = _posted(client, f"/api/projects/{SHARED}/tokens", viewer)["token"]
    return Scene(ROOT_TOKEN, asking, guarded)


def bearer(token: str) -> dict[str, str]:
    """The header that presents a token."""
    return {"Authorization": f"Bearer {token}"}


def keyring_of(jeton: Running) -> Keyring:
    """The keys of a server."""
    return Keyring(decode_keys(jeton.settings["JETON_SECRET_KEYS"]))


def _listed(keyring: Keyring) -> Iterator[bulk.Made]:
    for count, project in LISTED.items():
        for number in range(count):
            yield bulk.make(keyring, project, "api", f"token-{number}")


def _posted(client: httpx.Client, path: str, body: Any) -> Any:
    return client.post(path, json=body).raise_for_status().json()
