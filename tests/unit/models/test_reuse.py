"""Uses of rotated-out tokens: noticed, told once for each flush, and not lost to a failed one."""

import pytest
from peewee import PeeweeException

from models import life, rotation, verification
from models.event import Event
from models.minting import Minted
from models.reuse import Reuse
from models.rotation import Terms
from models.verification import Needs, verify
from tests.unit.models.stores import ROOT, actions, mint_api, rewrite
from tests.unit.models.test_last_used import broken_table

ADDRESS = "198.51.100.4"


@pytest.fixture(autouse=True)
def reuse(monkeypatch: pytest.MonkeyPatch) -> Reuse:
    """What was seen in this test alone: the process keeps what other tests left unwritten."""
    seen = Reuse()
    monkeypatch.setattr(verification, "reuse", seen)
    return seen


def rotated(project: str, grace: int = 0) -> Minted:
    """The old token of a rotation."""
    old = mint_api(project)
    rotation.rotate(old.token, Terms(grace), by=ROOT)
    return old


def test_an_old_secret_after_its_rotation_is_an_event(project: str, reuse: Reuse) -> None:
    """However often it comes between two flushes, with the address of the last time."""
    old = rotated(project)
    for address in ("192.0.2.1", ADDRESS):
        assert verify(old.secret, Needs(address=address)).reason == "revoked"
    assert (reuse.flush(), reuse.flush()) == (1, 0)
    event = Event.get(Event.action == "token.reused")
    assert (event.token_id, event.project_id, event.address) == (old.token.id, project, ADDRESS)
    assert event.actor_id == old.token.id
    verify(old.secret, Needs())
    assert reuse.flush() == 1
    assert actions(action="token.reused") == ["token.reused"] * 2


def test_a_use_in_the_grace_is_none_and_one_after_it_is(project: str, reuse: Reuse) -> None:
    """Until then the old token is good."""
    old = rotated(project, grace=60)
    assert verify(old.secret, Needs()).valid
    assert reuse.flush() == 0
    rewrite(old.token, retires_at=1)
    assert verify(old.secret, Needs()).reason == "expired"
    assert reuse.flush() == 1


def test_the_dead_that_were_not_rotated_are_no_news(project: str, reuse: Reuse) -> None:
    """A revoked token without a successor, and a good one that is not good for this, are none."""
    dead, alive = mint_api(project, "dead"), mint_api(project, "alive")
    life.revoke(project, "api", dead.token.id, by=ROOT)
    verify(dead.secret, Needs())
    verify(alive.secret, Needs(environment="other"))
    assert reuse.flush() == 0


def test_a_failed_flush_loses_none(project: str, reuse: Reuse) -> None:
    """What could not be written is written the next time."""
    old = rotated(project)
    reuse.note(old.token, ADDRESS)
    with broken_table("event"), pytest.raises(PeeweeException):
        reuse.flush()
    assert reuse.flush() == 1
    assert actions(token_id=old.token.id)[-1] == "token.reused"


def test_the_event_bears_the_public_id_of_a_deleted_project(project: str, reuse: Reuse) -> None:
    """Whoever looks for what happened in it finds the uses after its end, too."""
    old = rotated(project, grace=60)
    life.delete_project(project, by=ROOT)
    verify(old.secret, Needs())
    assert reuse.flush() == 1
    assert actions(project_id=project)[-1] == "token.reused"
