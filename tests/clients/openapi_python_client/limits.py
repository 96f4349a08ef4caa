"""When the server refuses because it was asked too often, and when to ask again."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from connection import PROJECT, jeton
from jeton_client.api.api_tokens import list_project_api_tokens
from jeton_client.api.project_tokens import list_project_tokens
from jeton_client.api.share_tokens import get_public_share_token
from jeton_client.models import AdminError, ShareRateLimitError, TokensError, TokensErrorInfo
from jeton_client.types import Response

T = TypeVar("T")


def refused(ask: Callable[[], Response[T]]) -> Response[T]:
    for _ in range(20):
        answer = ask()
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return answer
    raise AssertionError("never refused")


share = refused(lambda: get_public_share_token.sync_detailed(PROJECT, client=jeton)).parsed
assert isinstance(share, ShareRateLimitError)
print("share token:", share.code, share.retry_after)

answer = refused(lambda: list_project_api_tokens.sync_detailed(PROJECT, client=jeton))
assert isinstance(answer.parsed, AdminError)
print("API token:", answer.parsed.name, answer.headers["Retry-After"])

project = refused(lambda: list_project_tokens.sync_detailed(PROJECT, client=jeton)).parsed
assert isinstance(project, TokensError)
assert isinstance(project.info, TokensErrorInfo)
print("project token:", project.code, project.info.retry_after)
