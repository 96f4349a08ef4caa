"""The life of a token in each of the three APIs."""

from connection import PROJECT, client, jeton, refusal
from jeton_client import (
    ApiTokensApi,
    CreateProjectApiTokenRequest,
    CreateProjectTokenRequest,
    ProjectTokenRole,
    ProjectTokensApi,
    ShareError,
    ShareTokensApi,
    TokensApi,
)


def share_token() -> None:
    shares = ShareTokensApi(jeton)
    minted = shares.create_public_share_token(PROJECT)
    assert shares.get_public_share_token(PROJECT) == minted
    anybody = ShareTokensApi(client())
    used = anybody.get_public_share(minted.token)
    assert used.project_id == PROJECT
    shares.delete_public_share_token(PROJECT)
    refused = refusal(anybody.get_public_share, minted.token).data
    assert isinstance(refused, ShareError)
    print("share token:", refused.status, refused.code.value)


def api_token() -> None:
    tokens = ApiTokensApi(jeton)
    wanted = CreateProjectApiTokenRequest(type="backend", tokenName="web-shop")
    minted = tokens.create_project_api_token(PROJECT, wanted)
    assert tokens.list_project_api_tokens(PROJECT).tokens == [minted]
    holder = TokensApi(client(minted.secret))
    used = holder.get_self()
    tokens.delete_project_api_token(PROJECT, str(used.id))
    refused = refusal(holder.get_self).data
    assert isinstance(refused, ShareError)
    print("API token:", refused.status, refused.code.value)


def project_token() -> None:
    tokens = ProjectTokensApi(jeton)
    wanted = CreateProjectTokenRequest(name="dashboard", role=ProjectTokenRole.VIEWER)
    minted = tokens.create_project_token(PROJECT, wanted)
    listed = tokens.list_project_tokens(PROJECT)
    assert [token.id for token in listed] == [minted.id]
    holder = TokensApi(client(minted.token))
    used = holder.get_self()
    assert tokens.delete_project_token(PROJECT, str(used.id)) is True
    refused = refusal(holder.get_self).data
    assert isinstance(refused, ShareError)
    print("project token:", refused.status, refused.code.value)


share_token()
api_token()
project_token()
