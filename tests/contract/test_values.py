"""Values: patterns, instants and defaults, as the contract has them."""

import pytest

from tests.actors import ADMIN, Caller


@pytest.mark.parametrize("sent", ["client\n", "client ", "admin", "ＣＬＩＥＮＴ", "", 5, None])
def test_patterns_end_where_they_end(root: Caller, project: str, sent: object) -> None:
    """A type with a trailing newline is not a type."""
    assert ADMIN.mint(root, project, type=sent).status_code == 400


@pytest.mark.parametrize(
    "sent",
    [
        "2099-01-02",
        "tomorrow",
        "2099-13-01T00:00:00Z",
        "2099-01-02T03:04:05",
        "2099-01-02T24:00:00Z",
        "2099-02-30T00:00:00Z",
        "2001-01-01T00:00:00Z",
        "2199-01-01T00:00:00Z",
        "9999-12-31T23:59:60Z",
    ],
)
def test_dates_are_instants_with_an_offset(root: Caller, project: str, sent: str) -> None:
    """What is no RFC 3339 instant between now and a century ahead is 400."""
    refused = ADMIN.mint(root, project, expiresAt=sent)
    assert ADMIN.error(refused) == (400, "BadDataError"), refused.text


def test_body_defaults_are_filled_in(root: Caller, project: str) -> None:
    """A token without an environment is minted for `default`."""
    assert ADMIN.mint(root, project).json()["environment"] == "default"


def test_an_escaped_percent_sign_is_a_character(root: Caller, project: str) -> None:
    """`%25` stands for a percent sign, which may be followed by anything."""
    path = ADMIN.item.format(project=project, token="50%25x")
    assert ADMIN.error(root("GET", path)) == (404, "NotFoundError")
