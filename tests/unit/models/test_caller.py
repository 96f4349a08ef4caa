"""Callers: whom they reach, what they may do, which roles they hold."""

import pytest

from tests.unit.models.stores import ROOT, caller

HELD = {
    "root": {"root", "admin", "editor", "viewer", "holder", "public"},
    "admin": {"admin", "editor", "viewer", "holder", "public"},
    "editor": {"editor", "viewer", "holder", "public"},
    "viewer": {"viewer", "holder", "public"},
    "holder": {"holder", "public"},
    "public": {"public"},
}


@pytest.mark.parametrize("role", HELD)
def test_nobody_holds_more_than_their_role(role: str) -> None:
    """A role holds itself and what may do less, and nothing above it."""
    assert {other for other in HELD if caller(role).holds(other)} == HELD[role]


@pytest.mark.parametrize("role", HELD)
def test_a_token_without_a_role_is_held_by_all(role: str) -> None:
    """What has no role, as API and share tokens have none, asks for none."""
    assert caller(role).holds(None)


def test_an_unknown_role_is_held_by_nobody() -> None:
    """A role that the contract does not know is not even held by root."""
    assert not ROOT.holds("owner")


def test_a_caller_reaches_its_own_project_alone() -> None:
    """A project's caller reaches that project; root reaches all of them."""
    editor = caller("editor", "demo-project")
    assert editor.reaches("demo-project")
    assert not editor.reaches("other-project")
    assert ROOT.reaches("other-project")


def test_a_caller_may_what_its_permissions_say() -> None:
    """A permission is had or not; there are no wildcards."""
    viewer = caller("viewer", "demo-project")
    assert all(viewer.may(permission) for permission in viewer.permissions)
    assert not any(viewer.may(more) for more in ROOT.permissions - viewer.permissions)
    assert not ROOT.may("*")


def test_a_caller_cannot_be_changed() -> None:
    """Nobody lends a caller another project or role."""
    with pytest.raises(AttributeError):
        caller("viewer").project = None  # type: ignore[misc]
