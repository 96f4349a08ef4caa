"""The life of a token in each of the three APIs."""

from connection import PROJECT, anybody, holder, jeton
from jeton_client.api.api_tokens import create_project_api_token as create_api_token
from jeton_client.api.api_tokens import delete_project_api_token as delete_api_token
from jeton_client.api.api_tokens import list_project_api_tokens as list_api_tokens
from jeton_client.api.project_tokens import (
    create_project_token,
    delete_project_token,
    list_project_tokens,
)
from jeton_client.api.share_tokens import (
    create_public_share_token,
    delete_public_share_token,
    get_public_share,
    get_public_share_token,
)
from jeton_client.api.tokens import get_self
from jeton_client.models import (
    ApiToken,
    ApiTokens,
    CreatedProjectToken,
    CreateProjectApiTokenRequest,
    CreateProjectTokenRequest,
    PresentedToken,
    ProjectTokenRole,
    PublicShare,
    PublicShareToken,
    ShareError,
)


def share_token() -> None:
    minted = create_public_share_token.sync(PROJECT, client=jeton)
    assert isinstance(minted, PublicShareToken)
    assert get_public_share_token.sync(PROJECT, client=jeton) == minted
    used = get_public_share.sync(minted.token, client=anybody)
    assert isinstance(used, PublicShare)
    assert used.project_id == PROJECT
    delete_public_share_token.sync(PROJECT, client=jeton)
    refused = get_public_share.sync(minted.token, client=anybody)
    assert isinstance(refused, ShareError)
    print("share token:", refused.status, refused.code)


def api_token() -> None:
    wanted = CreateProjectApiTokenRequest(type_="backend", token_name="web-shop")
    minted = create_api_token.sync(PROJECT, client=jeton, body=wanted)
    assert isinstance(minted, ApiToken)
    listed = list_api_tokens.sync(PROJECT, client=jeton)
    assert isinstance(listed, ApiTokens)
    assert listed.tokens == [minted]
    used = get_self.sync(client=holder(minted.secret))
    assert isinstance(used, PresentedToken)
    delete_api_token.sync(PROJECT, str(used.id), client=jeton)
    refused = get_self.sync(client=holder(minted.secret))
    assert isinstance(refused, ShareError)
    print("API token:", refused.status, refused.code)


def project_token() -> None:
    wanted = CreateProjectTokenRequest(name="dashboard", role=ProjectTokenRole.VIEWER)
    minted = create_project_token.sync(PROJECT, client=jeton, body=wanted)
    assert isinstance(minted, CreatedProjectToken)
    listed = list_project_tokens.sync(PROJECT, client=jeton)
    assert isinstance(listed, list)
    assert [token.id for token in listed] == [minted.id]
    used = get_self.sync(client=holder(minted.token))
    assert isinstance(used, PresentedToken)
    assert delete_project_token.sync(PROJECT, str(used.id), client=jeton) is True
    refused = get_self.sync(client=holder(minted.token))
    assert isinstance(refused, ShareError)
    print("project token:", refused.status, refused.code)


share_token()
api_token()
project_token()
