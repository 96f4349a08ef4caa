"""Networks: a token that is bound to some makes none that is good elsewhere."""

import json
from dataclasses import replace

import pytest

from models.addresses import covers
from models.caller import Caller
from models.failures import RoleNotHeld
from models.life import mint, replace_share
from models.management import change
from models.minting import Draft
from models.rotation import Terms, rotate
from models.token import TokenRecord, read_token
from tests.unit.models.stores import actions, caller, mint_api, mint_project, rewrite

OURS, INNER, OTHERS = '["192.0.2.0/24"]', '["192.0.2.8/29"]', '["198.51.100.0/24"]'
COVERED = [
    (["10.0.0.0/8"], ["10.0.0.0/8"], True),
    (["10.0.0.0/8"], ["10.1.0.0/16", "10.2.3.4/32"], True),
    (["10.0.0.0/9", "10.128.0.0/9"], ["10.0.0.0/8"], True),
    (["10.0.0.0/8"], ["10.0.0.0/7"], False),
    (["10.0.0.0/8"], ["10.1.0.0/16", "192.0.2.0/24"], False),
    (["10.0.0.0/8"], ["::/0"], False),
    (["0.0.0.0/0"], ["2001:db8::/32"], False),
    (["10.0.0.0/8", "2001:db8::/32"], ["2001:db8:1::/48"], True),
]


def bound(project: str, networks: str | None = OURS) -> Caller:
    """An editor whose token is bound to networks."""
    return replace(caller("editor", project), networks=networks)


@pytest.mark.parametrize(("outer", "inner", "within"), COVERED)
def test_networks_cover_what_lies_within_them(
    outer: list[str], inner: list[str], within: bool
) -> None:
    """All together, each version for itself; none covers everywhere but everywhere."""
    assert covers(json.dumps(outer), json.dumps(inner)) is within
    assert not covers(json.dumps(outer), None)
    assert bound("p", None).covers(None)


def test_what_is_minted_inherits_the_networks(project: str) -> None:
    """Tokens of every kind, share links among them; who is bound to none binds none."""
    drafts = Draft("api", "a", type="backend"), Draft("project", "p", role="editor")
    for by, networks in ((bound(project), OURS), (caller("editor", project), None)):
        minted = [mint(project, replace(each, name=f"{networks}"), by=by) for each in drafts]
        minted.append(replace_share(project, by=by))
        assert [read_token(each.token.id).allowed_ips for each in minted] == [networks] * 3


@pytest.mark.parametrize("networks", [None, OTHERS, '["192.0.2.0/23"]'])
def test_no_token_is_given_networks_beyond(project: str, networks: str | None) -> None:
    """Nor is one taken over that is good elsewhere: its new secret would be."""
    mine, by = rewrite(mint_api(project).token, allowed_ips=INNER), bound(project)
    theirs = rewrite(mint_project(project).token, allowed_ips=networks)
    before = actions()
    with pytest.raises(RoleNotHeld):
        change(project, mine.id, {"allowed_ips": networks}, by=by)
    with pytest.raises(RoleNotHeld):
        rotate(theirs, Terms(), by=by)
    assert (read_token(mine.id), read_token(theirs.id), actions()) == (mine, theirs, before)


def test_within_its_networks_a_caller_is_free(project: str) -> None:
    """It binds tokens more closely, and rotates itself and what is bound as it is."""
    by = bound(project)
    own = rewrite(mint_project(project, "editor").token, allowed_ips=OURS)
    assert changed(own, OURS, INNER, by).allowed_ips == INNER
    assert rotate(read_token(own.id), Terms(), by=by).token.allowed_ips == INNER
    free = mint_api(project).token
    assert change(project, free.id, {"description": "x"}, by=by).token.allowed_ips is None


def changed(token: TokenRecord, before: str, networks: str, by: Caller) -> TokenRecord:
    """The token of those networks with others."""
    assert token.allowed_ips == before
    return change(token.project_id or "", token.id, {"allowed_ips": networks}, by=by).token
