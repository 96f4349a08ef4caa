"""The life of a token where many change it at once: nothing twice, nothing lost."""

import pytest

from models import life
from models.documented import ShareToken, documented_share
from models.failures import ProjectNotFound, TokenLimitReached, TokenNameTaken, TokenNotFound
from models.minting import Minted
from models.project import create_project
from models.token import list_tokens
from tests.unit.models.stores import (
    ROOT,
    OpenedStore,
    actions,
    at_once,
    documented,
    expire,
    live_tokens,
    mint_api,
    mint_project,
)

CROWD = 20
ROUNDS = 12


def test_a_name_goes_to_one_of_a_crowd(project: str) -> None:
    """Of twenty who mint the same name at once one succeeds."""
    made = at_once(*[lambda: mint_api(project, "web")] * CROWD)
    assert [type(each) for each in made].count(TokenNameTaken) == CROWD - 1
    assert actions(action="token.minted") == ["token.minted"]


def test_an_expired_name_goes_to_one_of_a_crowd(project: str) -> None:
    """Of twenty who take the name of an expired token at once one succeeds."""
    expire(mint_api(project, "web"))
    made = at_once(*[lambda: mint_api(project, "web")] * CROWD)
    assert [type(each) for each in made].count(TokenNameTaken) == CROWD - 1
    assert live_tokens(project) == 1


def test_the_limit_of_tokens_is_exact_in_a_crowd(store: OpenedStore, project: str) -> None:
    """Twenty at once fill the project to its limit and not beyond, whatever the kind."""
    store.allow(max_tokens_per_project=7)
    works = [lambda name=f"name-{n}": mint_api(project, name) for n in range(CROWD // 2)]
    works += [lambda name=f"name-{n}": mint_project(project, name=name) for n in range(CROWD // 2)]
    made = at_once(*works)
    assert [type(each) for each in made].count(TokenLimitReached) == CROWD - 7
    assert live_tokens(project) == 7


def test_the_dead_make_room(store: OpenedStore, project: str) -> None:
    """A revoked token makes room; an expired one, which stays on the list, once it is revoked."""
    store.allow(max_tokens_per_project=2)
    revoked, expired = mint_api(project, "one"), mint_api(project, "two")
    with pytest.raises(TokenLimitReached):
        mint_api(project, "three")
    life.revoke(project, "api", revoked.token.id, by=ROOT)
    mint_api(project, "three")
    expire(expired)
    with pytest.raises(TokenLimitReached):
        mint_api(project, "four")
    life.revoke(project, "api", expired.token.id, by=ROOT)
    mint_api(project, "four")


def test_a_full_project_can_replace_its_share(store: OpenedStore, project: str) -> None:
    """Replacing needs no room; sharing anew does, and a refusal leaves the old link alive."""
    store.allow(max_tokens_per_project=1)
    life.replace_share(project, by=ROOT)
    second = life.replace_share(project, by=ROOT)
    store.allow(max_tokens_per_project=0)
    with pytest.raises(TokenLimitReached):
        life.replace_share(project, by=ROOT)
    assert [documented_share(project)] == documented(ShareToken, second.token)


def test_one_share_is_left_of_a_crowd(project: str) -> None:
    """Of twenty who share at once all get a link, one link lives, and each change has its event."""
    made = at_once(*[lambda: life.replace_share(project, by=ROOT)] * CROWD)
    assert len({each.secret for each in made if isinstance(each, Minted)}) == CROWD
    assert documented(ShareToken, *list_tokens(project, "share")) == [documented_share(project)]
    told = actions(project_id=project)
    assert (told.count("token.minted"), told.count("token.replaced")) == (CROWD, CROWD - 1)


def test_one_of_a_crowd_revokes(project: str) -> None:
    """Of twenty who revoke a token at once one succeeds, and one event tells of it."""
    token = mint_api(project).token.id
    done = at_once(*[lambda: life.revoke(project, "api", token, by=ROOT)] * CROWD)
    assert done.count(None) == 1
    assert [type(each) for each in done].count(TokenNotFound) == CROWD - 1
    assert actions(token_id=token) == ["token.minted", "token.revoked"]


def test_a_share_is_replaced_or_revoked(project: str) -> None:
    """Replacing and revoking at once leaves as many events as changes, and at most one link."""
    life.replace_share(project, by=ROOT)
    works = [
        lambda: life.replace_share(project, by=ROOT),
        lambda: life.revoke_share(project, by=ROOT),
    ]
    at_once(*works * (CROWD // 2))
    told = actions(project_id=project)
    alive = told.count("token.minted") - told.count("token.replaced") - told.count("token.revoked")
    assert alive == live_tokens(project) == len(list_tokens(project, "share"))


def test_no_token_outlives_its_project(store: OpenedStore) -> None:
    """Minting while the project is deleted leaves no live token, round after round."""
    for number in range(ROUNDS):
        mint_while_deleting(create_project(f"project-{number}", None, by=ROOT).id)


def mint_while_deleting(project: str) -> None:
    """Delete a project among those who mint for it."""
    made = at_once(
        lambda: mint_api(project),
        lambda: life.replace_share(project, by=ROOT),
        lambda: life.delete_project(project, by=ROOT),
        lambda: mint_project(project),
    )
    assert all(isinstance(each, int | Minted | ProjectNotFound) for each in made)
    assert live_tokens(project) == 0
    told = actions(project_id=project)
    assert told.count("token.minted") == told.count("token.revoked") == made[2]


def test_a_deleted_project_takes_its_tokens_along(project: str) -> None:
    """Deleting revokes tokens of every kind, with one event each, and says how many."""
    tokens = [mint_api(project), mint_project(project), life.replace_share(project, by=ROOT)]
    assert life.delete_project(project, by=ROOT) == 3
    for each in tokens:
        assert actions(token_id=each.token.id) == ["token.minted", "token.revoked"]


def test_a_project_made_anew_has_no_tokens(project: str) -> None:
    """No token of the first life is listed in the second, not even an expired one."""
    expire(mint_api(project, "web"))
    mint_api(project, "web")
    life.delete_project(project, by=ROOT)
    create_project(project, None, by=ROOT)
    assert list_tokens(project, "api") == []
