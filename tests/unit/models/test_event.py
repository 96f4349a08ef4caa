"""Events: who did what, kept for good, without secrets."""

from dataclasses import replace
from typing import Any

import pytest
from peewee import DatabaseError

from models import life, root_tokens
from models.database import database
from models.event import BATCH, Event
from models.failures import TokenNameTaken
from models.history import EventFilter, EventRecord, list_events_page
from models.minting import Minted
from models.project import create_project
from models.token import Token, milliseconds
from tests.unit.models.stores import (
    ROOT,
    OpenedStore,
    actions,
    caller,
    expire,
    mint_api,
    mint_project,
)

CHANGES = {
    "an update": "UPDATE event SET actor_name = 'nobody'",
    "an update of nothing but itself": "UPDATE event SET id = id",
    "a deletion": "DELETE FROM event",
}
REPLACEMENTS = {
    "sqlite": "INSERT OR REPLACE INTO event SELECT id, 0, 'x', NULL, NULL, 'x', 'x', NULL, NULL"
    " FROM event",
    "postgresql": "INSERT INTO event SELECT * FROM event"
    " ON CONFLICT (id) DO UPDATE SET actor_name = 'nobody'",
}


def events() -> list[tuple[object, ...]]:
    """Every event as the database has it."""
    return list(Event.select().order_by(Event.id).tuples())


def test_an_event_tells_who_did_what_when_from_where(project: str) -> None:
    """An event has the actor, the address and the request beside the action and its object."""
    editor = caller("editor", project)
    minted = life.replace_share(project, by=editor)
    event = Event.get(Event.token_id == minted.token.id)
    told = (event.action, event.project_id, event.actor_id, event.actor_name)
    assert told == ("token.minted", project, "token-of-editor", "editor")
    assert (event.address, event.request_id) == ("192.0.2.7", "request-1")
    assert abs(event.at - milliseconds()) < 60_000


def test_every_change_leaves_exactly_one_event(project: str) -> None:
    """A token's life is told in order: one event a change."""
    first = life.replace_share(project, by=ROOT).token.id
    second = life.replace_share(project, by=ROOT).token.id
    life.revoke_share(project, by=ROOT)
    assert actions(token_id=first) == ["token.minted", "token.replaced"]
    assert actions(token_id=second) == ["token.minted", "token.revoked"]
    assert actions() == ["project.created", "token.minted", "token.replaced", "token.minted",
                         "token.revoked"]  # fmt: skip


def test_a_refused_change_leaves_no_event(project: str) -> None:
    """A mint that fails tells nothing, for nothing happened."""
    mint_api(project)
    before = events()
    with pytest.raises(TokenNameTaken):
        mint_api(project)
    assert events() == before


def test_the_same_event_is_written_for_many_tokens(project: str) -> None:
    """More tokens than one statement takes get an event each, in their order."""
    tokens = [f"token-{number:04}" for number in range(2 * BATCH + 1)]
    Event.record_all("token.revoked", by=ROOT, project=project, tokens=iter(tokens))
    told = Event.select(Event.token_id).where(Event.action == "token.revoked").order_by(Event.id)
    assert [row[0] for row in told.tuples()] == tokens


def listed(limit: int = 100, before: str | None = None, **which: Any) -> list[EventRecord]:
    """The events that match, newest first."""
    return list_events_page(EventFilter(**which), by=ROOT, before=before, limit=limit)


def test_events_are_read_by_pages_newest_first(project: str) -> None:
    """Every event is on one page, whatever its length."""
    for name in ("one", "two", "three"):
        mint_api(project, name)
    whole = listed()
    assert [each[:-1] for each in reversed(whole)] == events()
    for limit in (1, 3, 100):
        paged = listed(limit)
        for _ in range(0, len(whole), limit):
            paged += listed(limit, before=paged[-1].id)
        assert paged == whole


def test_filters_pick_what_they_say(project: str) -> None:
    """By project, action, token, actor and time, of which the end is left out."""
    create_project("other-project", None, by=ROOT)
    token, editor = mint_api(project).token.id, caller("editor", project)
    life.replace_share(project, by=editor)
    assert {each.project_id for each in listed(project=project)} == {project}
    assert [each.action for each in listed(token=token)] == ["token.minted"]
    assert len(listed(action="token.minted")) == len(listed(project=project)) - 1 == 2
    (own,) = listed(actor=editor.token_id)
    assert (own.actor_name, own.action) == ("editor", "token.minted")
    at = own.at
    assert own in listed(since=at, until=at + 1)
    assert own not in listed(since=at + 1) + listed(until=at)
    assert listed(token=token, actor=editor.token_id) == []


def test_where_others_called_from_is_told_to_root_alone(project: str) -> None:
    """A project's caller sees it of its own project's tokens, as long as they are known."""
    editor = mint_project(project, "editor").token
    stranger = mint_project(create_project("other-project", None, by=ROOT).id).token
    for token in (editor, stranger, editor._replace(id="purged")):
        by = replace(caller("editor", project), token_id=token.id)
        life.replace_share(project, by=by)
    which = EventFilter(project, action="token.minted")
    whole = listed(project=project, action="token.minted")
    seen = list_events_page(which, by=caller("viewer", project), limit=100)
    known = {each.actor_id for each in seen if (each.address, each.request_id) != (None, None)}
    assert known == {editor.id}
    assert {each.address for each in whole} == {"192.0.2.7"}
    assert [each.id for each in seen] == [each.id for each in whole]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_database_refuses_to_change_events(project: str, change: str) -> None:
    """An event can be neither changed nor deleted, whoever asks the database."""
    before = events()
    with pytest.raises(DatabaseError, match="append-only"):
        database.execute_sql(change)
    assert before
    assert events() == before


def test_the_database_refuses_to_replace_events(store: OpenedStore, project: str) -> None:
    """An insert that would overwrite an event is refused as a change."""
    before = events()
    with pytest.raises(DatabaseError):
        database.execute_sql(REPLACEMENTS[store.kind])
    assert before
    assert events() == before


def test_the_database_refuses_to_empty_the_table(postgres: OpenedStore) -> None:
    """PostgreSQL's TRUNCATE is refused like any other deletion."""
    create_project("demo-project", None, by=ROOT)
    with pytest.raises(DatabaseError, match="append-only"):
        database.execute_sql("TRUNCATE event")
    assert len(events()) == 1


def test_nothing_in_the_database_is_a_secret(project: str) -> None:
    """After a whole life neither events nor tokens hold a secret or its random part."""
    minted = live_and_die(project)
    stored = repr([events(), [[bytes(cell) if isinstance(cell, memoryview) else cell
                               for cell in row] for row in Token.select().tuples()]])  # fmt: skip
    for each in minted:
        assert each.token.id in stored
        assert each.secret[-20:] not in stored


def live_and_die(project: str) -> list[Minted]:
    """Tokens of every kind, of which each has come to its own end."""
    expired = mint_api(project, "expired")
    expire(expired)
    minted = [expired, mint_api(project), mint_api(project, "expired"), mint_project(project)]
    minted.append(root_tokens.mint_root("operations", by=ROOT))
    minted += [life.replace_share(project, by=ROOT) for _ in range(2)]
    life.revoke(project, "api", minted[1].token.id, by=ROOT)
    life.delete_project(project, by=ROOT)
    return minted
