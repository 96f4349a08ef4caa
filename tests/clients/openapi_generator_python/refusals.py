"""What the server refuses, read as the errors of each API."""

from collections.abc import Callable

from connection import PROJECT, client, jeton, refusal
from jeton_client import (
    AdminError,
    ApiClient,
    ApiTokensApi,
    CreateProjectApiTokenRequest,
    CreateProjectRequest,
    CreateProjectTokenRequest,
    ProjectsApi,
    ProjectTokensApi,
    ShareError,
    ShareTokensApi,
    TokensError,
)

API_TOKEN = CreateProjectApiTokenRequest(type="backend", tokenName="web-shop")
PROJECT_TOKEN = CreateProjectTokenRequest(name="dashboard")


def tell(ask: Callable[..., object], *arguments: object) -> None:
    match refusal(ask, *arguments).data:
        case ShareError() as error:
            print("share token:", error.status, error.code.value)
        case AdminError() as error:
            print("API token:", error.name.value)
        case TokensError() as error:
            print("project token:", error.status, error.code)


def mint_each(caller: ApiClient, project: str) -> None:
    tell(ShareTokensApi(caller).create_public_share_token, project)
    tell(ApiTokensApi(caller).create_project_api_token, project, API_TOKEN)
    tell(ProjectTokensApi(caller).create_project_token, project, PROJECT_TOKEN)


def mint_twice() -> None:
    tell(ProjectsApi(jeton).create_project, CreateProjectRequest(id=PROJECT))
    ApiTokensApi(jeton).create_project_api_token(PROJECT, API_TOKEN)
    tell(ApiTokensApi(jeton).create_project_api_token, PROJECT, API_TOKEN)
    tell(ProjectTokensApi(jeton).create_project_token, PROJECT, PROJECT_TOKEN)


viewer = ProjectTokensApi(jeton).create_project_token(PROJECT, PROJECT_TOKEN)
mint_each(client("nobody-knows-this-token"), PROJECT)
mint_each(client(viewer.token), PROJECT)
mint_each(jeton, "no-such-project")
mint_twice()
