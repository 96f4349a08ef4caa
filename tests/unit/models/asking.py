"""Every operation of the contract that asks the database, asked so that it succeeds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx

from handlers.wire.contract import NO_STORAGE, Operation, contract
from tests.live import ROOT_TOKEN, Server, new_project_id

FORM = "application/x-www-form-urlencoded"
WHOLE = ("updateToken", "revokeTokens", "rotateToken", "verifyToken")
BODIES: dict[str, Callable[["Scene"], dict[str, Any]]] = {
    "createProject": lambda _: {"id": new_project_id()},
    "verifyToken": lambda scene: {"token": scene.api},
    "verifyTokens": lambda scene: {"requests": [{"token": scene.api}, {"token": "unknown"}]},
    "introspectToken": lambda scene: {"token": scene.project_token},
    "revokeToken": lambda scene: {"token": scene.api},
    "authenticateEmqxClient": lambda scene: {"password": scene.project_token},
    "authorizeEmqxClient": lambda scene: {"token_id": scene.token_id},
    "authenticateGoAuthClient": lambda scene: {
        "username": scene.token_id,
        "password": scene.project_token,
    },
    "authorizeGoAuthClient": lambda scene: {"username": scene.token_id},
    "revokeTokens": lambda _: {"kind": "api", "confirmedCount": 1},
    "updateToken": lambda _: {"name": "renamed", "rateLimit": "100/minute", "remainingUses": 9},
    "rotateToken": lambda _: {"endOnFirstUse": True},
}


@dataclass(frozen=True)
class Scene:
    """A new project with a share link, an API token and a project token, and their secrets."""

    project: str
    share: str
    api: str
    project_token: str
    token_id: str

    def path(self, operation: Operation) -> str:
        """The path of an operation, about what is in this project."""
        values = {"projectId": self.project, "shareToken": self.share, "token": self.api}
        values |= {"tokenId": self.token_id, "brokerId": "broker-1"}
        return operation.path.format(**values)


class Asker:
    """Asks a server as root, each time about a new project."""

    def __init__(self, server: Server) -> None:
        self.client = httpx.Client(base_url=server.url, timeout=30, verify=False)

    def scene(self) -> Scene:
        """Make the project."""
        project = new_project_id()
        self._made("/v1/projects", {"id": project})
        share = self._made(f"/v1/projects/{project}/public-share-token", None)
        api = {"type": "backend", "tokenName": "web", "environment": "development"}
        minted = self._made(f"/api/admin/projects/{project}/api-tokens", api)
        token = {"name": "broker", "role": "admin", "type": "unrestricted"}
        mine = self._made(f"/api/projects/{project}/tokens", token)
        return Scene(project, share["token"], minted["secret"], mine["token"], mine["id"])

    def ask(self, operation: Operation, scene: Scene, **query: str) -> httpx.Response:
        """Ask one operation; those about oneself are asked by the project's token."""
        itself = "Self" in operation.id or operation.id == "forwardAuth"
        token = scene.project_token if itself else ROOT_TOKEN
        headers = {"Authorization": f"Bearer {token}"}
        if operation.idempotent:
            headers["Idempotency-Key"] = new_project_id()
        body = _body(operation, scene)
        name = "data" if FORM in _content(operation) else "json"
        sent = {} if body is None else {name: body}
        path = scene.path(operation)
        return self.client.request(operation.method, path, headers=headers, params=query, **sent)

    def live_a_life(self, scene: Scene) -> None:
        """Count the uses of a token, rotate it, use its successor, and present the old one."""
        change, verify, rotate = (
            contract.operations[name] for name in ("updateToken", "verifyToken", "rotateToken")
        )
        self.ask(change, scene)
        self.ask(verify, replace(scene, api=scene.project_token)).raise_for_status()
        successor = self.ask(rotate, scene).raise_for_status().json()["secret"]
        for secret in (successor, scene.project_token):
            self.ask(verify, replace(scene, api=secret)).raise_for_status()

    def close(self) -> None:
        """Close its connections."""
        self.client.close()

    def _made(self, path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {ROOT_TOKEN}"}
        return self.client.post(path, json=body, headers=headers).raise_for_status().json()


def asking() -> list[Operation]:
    """The operations that ask the database."""
    return [each for each in contract.operations.values() if each.storage != NO_STORAGE]


def variations(operation: Operation) -> Iterator[dict[str, str]]:
    """No query, and each parameter that the contract has for a read, by itself, by pages of one."""
    yield {}
    parameters = _parameters(operation) if operation.method == "GET" else []
    pages = {"limit": "1"} if any(each["name"] == "limit" for each in parameters) else {}
    for parameter in parameters:
        if parameter["in"] == "query" and "example" in parameter:
            for value in _values(parameter):
                yield {**pages, parameter["name"]: value}


def _values(parameter: dict[str, Any]) -> list[str]:
    """All values that the contract lists, or its example."""
    schema = parameter["schema"]
    schema = contract._resolve(schema) if "$ref" in schema else schema
    return [str(value) for value in schema.get("enum", [parameter["example"]])]


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    entry = _entry(operation)
    return [contract._resolve(each) for each in entry.get("parameters", []) if "$ref" in each]


def _body(operation: Operation, scene: Scene) -> Any:
    content = _content(operation)
    if not content:
        return None
    (media,) = content.values()
    example = next(iter(media["examples"].values()))["value"]
    changes = BODIES.get(operation.id)
    if changes and operation.id in WHOLE:
        return changes(scene)
    return {**example, **(changes(scene) if changes else {})}


def _content(operation: Operation) -> dict[str, Any]:
    return dict(_entry(operation).get("requestBody", {}).get("content", {}))


def _entry(operation: Operation) -> dict[str, Any]:
    return dict(contract.document["paths"][operation.path][operation.method.lower()])
