"""The edges of what management takes: instants, names and places that no token could hold."""

import base64

import orjson
import pytest

from tests.actors import ADMIN, Caller


@pytest.fixture
def token(root: Caller, project: str) -> str:
    """The path of an API token."""
    minted = ADMIN.mint(root, project)
    mine = Caller(root.url, minted.json()["secret"])("GET", "/v1/self").json()["id"]
    return f"/v1/projects/{project}/tokens/{mine}"


@pytest.mark.parametrize("year", ["0001", "0999", "1969"])
def test_an_instant_before_1970_is_refused_and_spoils_no_list(
    root: Caller, token: str, year: str
) -> None:
    """A token that is told to be good since then stays as it was, and all can be listed."""
    answer = root("PATCH", token, json={"notBefore": f"{year}-06-01T00:00:00Z"})
    assert answer.status_code == 400
    listed = root("GET", token.rpartition("/")[0])
    assert (listed.status_code, len(listed.json()["tokens"])) == (200, 1)


@pytest.mark.parametrize("name", ["", "a\x00", "a\nb", "k" * 101])
def test_names_of_metadata_are_short_and_printable(root: Caller, token: str, name: str) -> None:
    """A name that is empty, long or not of text is refused."""
    assert root("PATCH", token, json={"metadata": {name: "web"}}).status_code == 400
    assert root("PATCH", token, json={"metadata": {"k" * 100: "web"}}).status_code == 200


@pytest.mark.parametrize("value", [2**63, 2**64 - 1, -(2**63)])
def test_a_cursor_beyond_what_columns_hold_is_none_of_ours(
    root: Caller, project: str, value: int
) -> None:
    """Such a number is refused and does not reach the database."""
    place = base64.urlsafe_b64encode(orjson.dumps(["created", value, "x"])).decode().rstrip("=")
    answer = root("GET", f"/v1/projects/{project}/tokens?order=created&cursor={place}")
    assert answer.status_code == 400
