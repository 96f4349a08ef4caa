"""Versions: ETag and If-Match keep editors from overwriting each other."""

import pytest

from tests.actors import TOKENS
from tests.conftest import Team
from tests.contract.managing import managed


def test_two_editors_do_not_overwrite_each_other(team: Team) -> None:
    """If-Match lets through who read the latest version, and nobody else."""
    token = managed(team, TOKENS)
    tag = team.root("GET", token.path).headers["etag"]
    first = team.root("PATCH", token.path, json={"description": "one"}, headers={"If-Match": tag})
    second = team.root("PATCH", token.path, json={"description": "two"}, headers={"If-Match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert first.headers["etag"] == team.root("GET", token.path).headers["etag"] != tag
    assert token.show()["description"] == "one"
    every = team.root("PATCH", token.path, json={"description": "3"}, headers={"If-Match": "*"})
    assert every.status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("TAG", 200),
        ('"older", TAG', 200),
        ('"older" ,TAG, W/"other"', 200),
        ("*", 200),
        ('"older", "oldest"', 412),
        ("W/TAG", 412),
        ('"older", W/TAG', 412),
        ('""', 412),
        ('"a, TAG, b"', 400),
        ("older", 400),
        ('*, "older"', 400),
        ('"older', 400),
        (",", 400),
        ('"a" "b"', 400),
    ],
)
def test_if_match_is_a_list_of_versions(team: Team, sent: str, status: int) -> None:
    """One that is the token's is enough; weak ones match nothing, and nonsense is no list."""
    token = managed(team, TOKENS)
    tag = team.root("GET", token.path).headers["etag"]
    headers = {"If-Match": sent.replace("TAG", tag)}
    changed = team.root("PATCH", token.path, json={"description": "new"}, headers=headers)
    assert changed.status_code == status
    assert token.show().get("description") == ("new" if status == 200 else None)


def test_use_is_no_change_of_version(team: Team) -> None:
    """Who uses a token does not get in the way of who edits it."""
    token = managed(team, TOKENS)
    tag = token.change(remainingUses=10).headers["etag"]
    assert token.reason() == "valid"
    assert team.root("GET", token.path).headers["etag"] == tag
