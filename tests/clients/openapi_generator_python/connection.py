"""Where the server is and who calls it."""

import os
from collections.abc import Callable

from jeton_client import ApiClient, Configuration
from jeton_client.exceptions import ApiException

PROJECT = os.environ["JETON_PROJECT"]
TOKEN = os.environ["JETON_TOKEN"]


def client(token: str | None = None, retries: int | None = None) -> ApiClient:
    url = os.environ["JETON_URL"]
    return ApiClient(Configuration(host=url, access_token=token, retries=retries))


def refusal(ask: Callable[..., object], *arguments: object) -> ApiException:
    try:
        ask(*arguments)
    except ApiException as refused:
        return refused
    raise AssertionError("not refused")


jeton = client(TOKEN)
