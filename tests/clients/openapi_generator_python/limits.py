"""When the server refuses because it was asked too often, and when to ask again."""

from collections.abc import Callable
from http import HTTPStatus

from connection import PROJECT, TOKEN, client, refusal
from jeton_client import (
    AdminError,
    ApiTokensApi,
    ProjectTokensApi,
    ShareRateLimitError,
    ShareTokensApi,
    TokensError,
)
from jeton_client.exceptions import ApiException

# Unless told otherwise, this client waits as long as Retry-After says and tries again, three times.
jeton = client(TOKEN, retries=0)


def refused(ask: Callable[[str], object]) -> ApiException:
    for _ in range(20):
        answer = refusal(ask, PROJECT)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            return answer
    raise AssertionError("never refused")


share = refused(ShareTokensApi(jeton).get_public_share_token).data
assert isinstance(share, ShareRateLimitError)
print("share token:", share.code.value, share.retry_after)

answer = refused(ApiTokensApi(jeton).list_project_api_tokens)
assert isinstance(answer.data, AdminError)
assert answer.headers
print("API token:", answer.data.name.value, answer.headers["Retry-After"])

project = refused(ProjectTokensApi(jeton).list_project_tokens).data
assert isinstance(project, TokensError)
assert project.info
print("project token:", project.code, project.info.retry_after)
