"""Actors: one for each dialect, all with the same verbs, so that one test speaks for three."""

import threading
from dataclasses import dataclass
from typing import Any

import httpx

from handlers.wire.contract import contract

WITNESSED: set[tuple[str, int]] = set()


class Http(threading.local):
    """An HTTP client for each thread. No connection is kept, for an idle one delays a stop."""

    def __init__(self) -> None:
        none_kept = httpx.Limits(max_keepalive_connections=0)
        self.client = httpx.Client(timeout=30, limits=none_kept, verify=False)

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Send a request."""
        return self.client.request(method, url, **options)

    def close(self) -> None:
        """Close the client of this thread."""
        self.client.close()


HTTP = Http()


class Caller:
    """An HTTP client that notes which (operation, status) it has seen."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        response = HTTP.request(method, self.url + path, headers=headers, **options)
        for operation in contract.operations.values():
            if operation.method == method and _same(operation.path, path):
                WITNESSED.add((operation.id, response.status_code))
        return response


def _same(template: str, path: str) -> bool:
    told, sent = template.split("/"), path.split("?")[0].split("/")
    return len(told) == len(sent) and all(
        part.startswith("{") or part == segment for part, segment in zip(told, sent, strict=True)
    )


@dataclass
class Actor:
    """How one dialect says mint, list, find, revoke; `{project}` and `{token}` stand in paths."""

    dialect: str
    collection: str
    item: str
    body: dict[str, Any] | None
    minted: int
    revoked: int

    def mint(self, call: Caller, project: str, **changes: Any) -> httpx.Response:
        """Mint a token of the project."""
        body = {**self.body, **changes} if self.body is not None else None
        return call("POST", self.collection.format(project=project), json=body)

    def secret(self, minted: httpx.Response) -> str:
        """The secret in the answer to a mint."""
        body = minted.json()
        return str(body.get("secret") or body["token"])

    def reference(self, minted: httpx.Response) -> str:
        """What names the token in paths."""
        return str(minted.json().get("id") or self.secret(minted))

    def list(self, call: Caller, project: str) -> httpx.Response:
        """List the tokens of the project, or show the one that it can have."""
        return call("GET", self.collection.format(project=project))

    def revoke(self, call: Caller, project: str, token: str) -> httpx.Response:
        """Revoke a token of the project."""
        return call("DELETE", self.item.format(project=project, token=token))

    def error(self, response: httpx.Response) -> tuple[int, str]:
        """The status and the code of an error, read in this dialect's shape, which is checked."""
        body = response.json()
        keys = set(body)
        if self.dialect == "admin":
            expected = {"id", "name", "message"} | ({"details"} if "details" in keys else set())
            code = body["name"]
        elif self.dialect == "tokens":
            expected = {"message", "code", "status"} | ({"info"} & keys)
            assert body["status"] == response.status_code
            code = body["code"]
        else:
            expected = {"status", "code", "message"} | ({"details", "retryAfter"} & keys)
            assert body["status"] == response.status_code
            code = body["code"]
        assert keys == expected, body
        assert response.headers["content-type"] == "application/json"
        return response.status_code, code


SHARE = Actor(
    "share",
    "/v1/projects/{project}/public-share-token",
    "/v1/projects/{project}/public-share-token",
    None,
    201,
    204,
)
ADMIN = Actor(
    "admin",
    "/api/admin/projects/{project}/api-tokens",
    "/api/admin/projects/{project}/api-tokens/{token}",
    {"type": "backend", "tokenName": "some-user"},
    201,
    200,
)
TOKENS = Actor(
    "tokens",
    "/api/projects/{project}/tokens",
    "/api/projects/{project}/tokens/{token}",
    {"name": "broker-maintenance", "role": "viewer"},
    200,
    200,
)
ACTORS = (SHARE, ADMIN, TOKENS)
