"""Redaction: secrets that stand where they do not belong are in no log."""

from tests.actors import SHARE, TOKENS, Caller
from tests.live import Server


def test_a_secret_where_an_id_belongs_is_not_logged(
    server: Server, root: Caller, project: str
) -> None:
    """A project token or a share token that stands in the wrong place in a path is redacted."""
    secret = TOKENS.mint(root, project).json()["token"]
    share = SHARE.mint(root, project).json()["token"]
    for lost in (secret, share):
        root("DELETE", f"/api/projects/{project}/tokens/{lost}")
        root("GET", f"/api/projects/{lost}/tokens")
        root("GET", f"/v1/projects/{lost}")
        root("GET", f"/nowhere/{lost}/")
    assert secret not in server.log()
    assert share not in server.log()
