"""The contract's tables, as the program reads them."""

import pytest

from handlers.wire.contract import contract


@pytest.mark.parametrize(
    ("path", "dialect"),
    [
        ("/v1/projects", "share"),
        ("/api/projects/x/tokens", "tokens"),
        ("/api/admin/projects/x/api-tokens", "admin"),
        ("/api/administrators", "tokens"),
        ("/api", "tokens"),
        ("/api/admin", "admin"),
        ("/oauth2/introspect", "oauth"),
        ("/oauth2x", "share"),
        ("/", "share"),
        ("/health/live", "share"),
        ("", "share"),
    ],
)
def test_the_longest_prefix_picks_the_dialect(path: str, dialect: str) -> None:
    """Whole segments count, and what has no prefix is ours."""
    assert contract.dialect(path) == dialect


def test_roles_grant_what_they_hold() -> None:
    """Each role may grant itself and those below it."""
    assert contract.grants("root") == {"root", "admin", "editor", "viewer", "holder", "public"}
    assert contract.grants("admin") == {"admin", "editor", "viewer", "holder", "public"}
    assert contract.grants("editor") == {"editor", "viewer", "holder", "public"}
    assert contract.grants("viewer") == {"viewer", "holder", "public"}


def test_a_cell_may_have_its_own_status() -> None:
    """A dialect can word a fault with another status than the row."""
    assert contract.wording("token_limit_reached", "tokens").status == 403
    assert contract.wording("token_limit_reached", "admin").status == 400
    with pytest.raises(KeyError):
        contract.wording("project_limit_reached", "admin")


def test_allowed_methods_are_those_of_the_path() -> None:
    """A path takes the methods that the contract gives it, and HEAD with GET."""
    assert contract.allowed("/v1/self") == ["GET", "HEAD"]
    assert contract.allowed("/v1/self/more") == []


def test_a_token_without_a_role_has_that_of_its_type_or_kind() -> None:
    """What the public holds may look at itself and nothing else."""
    assert contract.role_of("editor", "project", "restricted") == "editor"
    assert contract.role_of(None, "api", "backend") == "holder"
    for kind, of_type in (("api", "frontend"), ("share", None)):
        assert contract.roles[contract.role_of(None, kind, of_type)] == {"self:read"}
