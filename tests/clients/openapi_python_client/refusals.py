"""What the server refuses, read as the errors of each API."""

from connection import PROJECT, holder, jeton
from jeton_client import AuthenticatedClient
from jeton_client.api.api_tokens import create_project_api_token as create_api_token
from jeton_client.api.project_tokens import create_project_token
from jeton_client.api.projects import create_project
from jeton_client.api.share_tokens import create_public_share_token
from jeton_client.models import (
    AdminError,
    CreatedProjectToken,
    CreateProjectApiTokenRequest,
    CreateProjectRequest,
    CreateProjectTokenRequest,
    ShareError,
    TokensError,
)

API_TOKEN = CreateProjectApiTokenRequest(type_="backend", token_name="web-shop")
PROJECT_TOKEN = CreateProjectTokenRequest(name="dashboard")


def tell(answer: object) -> None:
    match answer:
        case ShareError():
            print("share token:", answer.status, answer.code)
        case AdminError():
            print("API token:", answer.name)
        case TokensError():
            print("project token:", answer.status, answer.code)
        case _:
            raise AssertionError(answer)


def mint_each(caller: AuthenticatedClient, project: str) -> None:
    tell(create_public_share_token.sync(project, client=caller))
    tell(create_api_token.sync(project, client=caller, body=API_TOKEN))
    tell(create_project_token.sync(project, client=caller, body=PROJECT_TOKEN))


def mint_twice() -> None:
    tell(create_project.sync(client=jeton, body=CreateProjectRequest(id=PROJECT)))
    create_api_token.sync(PROJECT, client=jeton, body=API_TOKEN)
    tell(create_api_token.sync(PROJECT, client=jeton, body=API_TOKEN))
    tell(create_project_token.sync(PROJECT, client=jeton, body=PROJECT_TOKEN))


viewer = create_project_token.sync(PROJECT, client=jeton, body=PROJECT_TOKEN)
assert isinstance(viewer, CreatedProjectToken)
mint_each(holder("nobody-knows-this-token"), PROJECT)
mint_each(holder(viewer.token), PROJECT)
mint_each(jeton, "no-such-project")
mint_twice()
