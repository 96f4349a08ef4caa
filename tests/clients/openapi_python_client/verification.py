"""Whether tokens are good, asked by a service that holds a token of its own."""

from connection import PROJECT, holder, jeton
from jeton_client import AuthenticatedClient
from jeton_client.api.api_tokens import create_project_api_token as create_api_token
from jeton_client.api.oauth import introspect_token, revoke_token
from jeton_client.api.project_tokens import create_project_token
from jeton_client.api.verification import verify_token, verify_tokens
from jeton_client.models import (
    ApiToken,
    CreatedProjectToken,
    CreateProjectApiTokenRequest,
    CreateProjectTokenRequest,
    Introspection,
    OAuthError,
    PresentedToken,
    TokenForm,
    Verdict,
    Verdicts,
    VerifyTokenRequest,
    VerifyTokensRequest,
)


def new_service() -> AuthenticatedClient:
    wanted = CreateProjectTokenRequest(name="orders-service")
    minted = create_project_token.sync(PROJECT, client=jeton, body=wanted)
    assert isinstance(minted, CreatedProjectToken)
    return holder(minted.token)


def new_token() -> str:
    wanted = CreateProjectApiTokenRequest("backend", "web-shop", environment="development")
    minted = create_api_token.sync(PROJECT, client=jeton, body=wanted)
    assert isinstance(minted, ApiToken)
    return minted.secret


def verify(token: str, environment: str) -> None:
    wanted = VerifyTokenRequest(token, environment=environment)
    verdict = verify_token.sync(client=service, body=wanted)
    assert isinstance(verdict, Verdict)
    assert isinstance(verdict.token, PresentedToken)
    print("verify:", verdict.reason, verdict.token.name)


def verify_each(*tokens: str) -> None:
    wanted = VerifyTokensRequest([VerifyTokenRequest(token) for token in tokens])
    told = verify_tokens.sync(client=service, body=wanted)
    assert isinstance(told, Verdicts)
    print("verify each:", *(verdict.reason for verdict in told.verdicts))


def introspect(caller: AuthenticatedClient, token: str) -> None:
    match introspect_token.sync(client=caller, body=TokenForm(token)):
        case Introspection(active=True) as known:
            print("introspect:", known.scope, known.username)
        case Introspection():
            print("introspect: not active")
        case OAuthError() as refused:
            print("introspect:", refused.error)


service, token = new_service(), new_token()
verify(token, "development")
verify(token, "production")
verify_each(token, "nobody-knows-this-token")
introspect(service, token)
revoke_token.sync_detailed(client=jeton, body=TokenForm(token))
verify(token, "development")
introspect(service, token)
introspect(holder("nobody-knows-this-token"), token)
