"""Where the server is and who calls it."""

import os

from jeton_client import AuthenticatedClient, Client

URL = os.environ["JETON_URL"]
PROJECT = os.environ["JETON_PROJECT"]

jeton = AuthenticatedClient(URL, os.environ["JETON_TOKEN"])
anybody = Client(URL)


def holder(token: str) -> AuthenticatedClient:
    return AuthenticatedClient(URL, token)
