"""Whether tokens are good, asked by a service that holds a token of its own."""

from connection import PROJECT, client, jeton, refusal
from jeton_client import (
    ApiClient,
    ApiTokensApi,
    CreateProjectApiTokenRequest,
    CreateProjectTokenRequest,
    OauthApi,
    OAuthError,
    ProjectTokensApi,
    VerificationApi,
    VerifyTokenRequest,
    VerifyTokensRequest,
)


def new_service() -> ApiClient:
    wanted = CreateProjectTokenRequest(name="orders-service")
    return client(ProjectTokensApi(jeton).create_project_token(PROJECT, wanted).token)


def new_token() -> str:
    wanted = CreateProjectApiTokenRequest(
        type="backend", tokenName="web-shop", environment="development"
    )
    return ApiTokensApi(jeton).create_project_api_token(PROJECT, wanted).secret


def verify(token: str, environment: str) -> None:
    wanted = VerifyTokenRequest(token=token, environment=environment)
    verdict = VerificationApi(service).verify_token(wanted)
    assert verdict.token
    print("verify:", verdict.reason.value, verdict.token.name)


def verify_each(*tokens: str) -> None:
    wanted = VerifyTokensRequest(requests=[VerifyTokenRequest(token=token) for token in tokens])
    told = VerificationApi(service).verify_tokens(wanted)
    print("verify each:", *(verdict.reason.value for verdict in told.verdicts))


def introspect(token: str) -> None:
    known = OauthApi(service).introspect_token(token)
    if known.active:
        print("introspect:", known.scope, known.username)
    else:
        print("introspect: not active")


service, token = new_service(), new_token()
verify(token, "development")
verify(token, "production")
verify_each(token, "nobody-knows-this-token")
introspect(token)
OauthApi(jeton).revoke_token(token)
verify(token, "development")
introspect(token)
refused = refusal(OauthApi(client("nobody-knows-this-token")).introspect_token, token).data
assert isinstance(refused, OAuthError)
print("introspect:", refused.error.value)
