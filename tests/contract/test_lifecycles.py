"""A token's life in each dialect: minted, listed, used, revoked, refused."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.actors import ADMIN, TOKENS, Actor, Caller
from tests.conftest import Team
from tests.live import Server


def test_a_token_lives_and_dies_in_each_dialect(
    actor: Actor, root: Caller, project: str, server: Server
) -> None:
    """What was minted is listed and authenticates; once revoked it is neither, at once."""
    minted = actor.mint(root, project)
    assert minted.status_code == actor.minted, minted.text
    secret = actor.secret(minted)
    assert actor.list(root, project).status_code == 200
    holder = Caller(server.url, secret)
    seen = holder("GET", "/v1/self")
    assert seen.status_code == 200, seen.text
    assert seen.json()["project"] == project
    assert actor.revoke(root, project, actor.reference(minted)).status_code == actor.revoked
    assert holder("GET", "/v1/self").status_code == 401
    gone = actor.revoke(root, project, actor.reference(minted))
    assert actor.error(gone)[0] == 404


@pytest.mark.parametrize(("minter", "member"), [(ADMIN, "expiresAt"), (TOKENS, "valid_date")])
def test_an_expired_token_is_refused_as_if_unknown(
    minter: Actor, member: str, root: Caller, project: str, server: Server
) -> None:
    """A token is good until its expiry; then it is 401 like an unknown one, and stays listed."""
    soon = datetime.now(UTC) + timedelta(seconds=2)
    expiry = soon.replace(microsecond=soon.microsecond // 1000 * 1000)  # kept to the millisecond
    minted = minter.mint(root, project, **{member: expiry.isoformat()})
    holder = Caller(server.url, minter.secret(minted))
    assert holder("GET", "/v1/self").status_code == 200
    deadline = time.monotonic() + 20
    while (refused := holder("GET", "/v1/self")).status_code == 200:
        assert time.monotonic() < deadline
    assert datetime.now(UTC) >= expiry
    assert refused.json() == Caller(server.url, "unknown")("GET", "/v1/self").json()
    assert len(minter.list(root, project).json()) == 1


def test_a_stranger_is_refused_in_the_callers_own_dialect(
    actor: Actor, stranger: Caller, project: str
) -> None:
    """Without a key each dialect answers 401 in the body its documents print."""
    response = actor.list(stranger, project)
    status, code = actor.error(response)
    assert (status, code.lower()[:4]) in ((401, "unau"), (401, "auth"))
    assert response.headers["www-authenticate"] == 'Bearer realm="jeton"'


def test_a_viewer_lists_but_does_not_mint(actor: Actor, team: Team) -> None:
    """A viewer sees the tokens of its project; minting is 403 and names the scope."""
    viewer = team.member("viewer")
    actor.mint(team.root, team.project)
    assert actor.list(viewer, team.project).status_code == 200
    refused = actor.mint(viewer, team.project)
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
