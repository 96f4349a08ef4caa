"""What is asked: six operations, each as a request and as a script for wrk."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from tests.bench.bulk import ENVIRONMENT
from tests.bench.scene import CREATE_PROJECTS, CREATED, LISTED, SHARED, Scene, bearer

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
API_TOKENS = "/api/admin/projects/{}/api-tokens"
GATE = f"/v1/forward-auth?project={SHARED}&environment={ENVIRONMENT}&kind=api"
IDENTITY = "x-jeton-"
ENDLESS_CREATE = """
local number = 0
request = function()
  number = number + 1
  local path = string.format("%s", number %% %d)
  local body = string.format('{"type":"backend","tokenName":"%s-%%d"}', number)
  return wrk.format("POST", path, nil, body)
end
"""


@dataclass(frozen=True)
class Question:
    """One request, and the Lua that makes wrk send it, or ever new ones like it."""

    path: str
    token: str
    status: int = 200
    method: str = "GET"
    body: str | None = None
    media_type: str | None = None
    endless: Callable[[str], str] | None = None
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        told = {"Content-Type": self.media_type} if self.media_type else {}
        object.__setattr__(self, "headers", bearer(self.token) | told)

    def ask(self, url: str, token: str | None = None) -> httpx.Response:
        """Ask once; with another token it is asked by somebody else."""
        headers = self.headers | (bearer(token) if token else {})
        return httpx.request(
            self.method, url + self.path, headers=headers, content=self.body, timeout=30
        )

    def script(self, name: str) -> str:
        """The script for wrk; `name` tells this run from all others."""
        lines = [f'wrk.method = "{self.method}"']
        lines += [f'wrk.headers["{key}"] = "{value}"' for key, value in self.headers.items()]
        if self.body is not None:
            lines.append(f"wrk.body = {json.dumps(self.body)}")
        return "\n".join(lines) + (self.endless(name) if self.endless else "\n")


TITLES = {
    "share": "share GET: the share token of a project",
    "introspect": "introspect: RFC 7662, caller and token looked up",
    "forward-auth": "forward-auth: a gateway's question, told in headers",
    "create": "create: an API token of Unleash's dialect, with its event",
    "list-100": "list of 100 API tokens, secrets unsealed",
    "list-1000": "list of 1,000 API tokens, secrets unsealed",
}
SCALED = ("share", "forward-auth")


def questions(scene: Scene) -> dict[str, Question]:
    """The six questions for a scene."""
    return {
        "share": Question(f"/v1/projects/{SHARED}/public-share-token", scene.viewer),
        "introspect": Question(
            "/oauth2/introspect",
            scene.viewer,
            method="POST",
            body=f"token={scene.guarded}",
            media_type=FORM,
        ),
        "forward-auth": Question(GATE, scene.guarded),
        "create": _create(scene),
        "list-100": Question(API_TOKENS.format(LISTED[100]), scene.root),
        "list-1000": Question(API_TOKENS.format(LISTED[1_000]), scene.root),
    }


def _create(scene: Scene) -> Question:
    """Names are unique in a run, and spread over projects, as a project counts its tokens."""
    path = API_TOKENS.format(CREATED)

    def endless(name: str) -> str:
        return ENDLESS_CREATE % (path.format("%d"), CREATE_PROJECTS, name)

    body = json.dumps({"type": "backend", "tokenName": "once"})
    return Question(path.format(0), scene.root, 201, "POST", body, JSON, endless)
