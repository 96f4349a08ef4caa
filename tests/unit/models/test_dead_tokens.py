"""What is dead stays as it died, whatever becomes of its name and its successor."""

import pytest

from models.life import revoke
from models.listing import Filter
from models.management import revoke as revoke_managed
from models.management import revoke_matching
from models.rotation import Terms, rotate
from models.token import EXPIRED, milliseconds, read_token
from models.verification import Needs, verify
from tests.unit.models.stores import ROOT, actions, expire, mint_api, rewrite


@pytest.mark.parametrize("over", ["retires_at", "expires_at"])
def test_the_first_use_of_the_new_does_not_end_the_dead_again(project: str, over: str) -> None:
    """Whose grace or life was over stays as it was, and no event tells of another end."""
    old = mint_api(project)
    new = rotate(old.token, Terms(60, until_first_use=True), by=ROOT)
    dead = rewrite(old.token, **{over: milliseconds()})
    assert verify(new.secret, Needs()).valid
    assert read_token(old.token.id) == dead
    assert actions(token_id=old.token.id) == ["token.minted", "token.rotated"]


def test_who_gave_its_name_up_by_rotation_does_not_lose_it_again(project: str) -> None:
    """Whoever takes the name later changes nothing of a token that was rotated before."""
    old = mint_api(project, "web")
    new = rotate(old.token, Terms(60), by=ROOT)
    revoke(project, "api", new.token.id, by=ROOT)
    dead = rewrite(old.token, retires_at=1, expires_at=1)
    mint_api(project, "web")
    assert read_token(old.token.id) == dead


@pytest.mark.parametrize("many", [False, True])
def test_who_lost_its_name_after_expiry_can_still_be_revoked(project: str, many: bool) -> None:
    """An expired token is revoked, alone or among many, whoever bears its name by now."""
    old = mint_api(project, "web")
    expire(old)
    mint_api(project, "web")
    if many:
        assert revoke_matching(project, Filter(state=EXPIRED), 1, None, by=ROOT) == 1
    else:
        revoke_managed(project, old.token.id, None, by=ROOT)
    assert read_token(old.token.id).end_reason == "revoked"
