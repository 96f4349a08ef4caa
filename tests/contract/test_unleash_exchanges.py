"""What an Unleash server was asked, asked again: Jeton agrees, or a decision says why not."""

import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.contract import unleash_document
from tests.contract.unleash_corpus import DECISIONS, EXCHANGES, Exchange, Replayed
from tests.contract.unleash_replay import prepare, replay
from tests.live import ROOT_TOKEN, Server

Answers = dict[str, Replayed]

every_exchange = pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda one: one.case)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A live server on SQLite with the projects of the exchanges."""
    running = Server(tmp_path_factory.mktemp("unleash"))
    prepare(running)
    yield running.start()
    running.stop()


@pytest.fixture(scope="module")
def answers(target: Server) -> Answers:
    """What the server answered to each case."""
    return {one.exchange.case: one for one in replay(target)}


def test_there_are_96_exchanges() -> None:
    """The corpus has 96 exchanges, each under a name of its own."""
    assert len({one.case for one in EXCHANGES}) == len(EXCHANGES) == 96


@every_exchange
def test_the_status_agrees_or_a_decision_explains_it(exchange: Exchange, answers: Answers) -> None:
    """A status is that of Unleash, or the one that the corpus expects with a known decision."""
    expected = exchange.ours or exchange.status
    assert answers[exchange.case].answer.status == expected
    if exchange.ours:
        assert exchange.ours != exchange.status
        assert exchange.decision in DECISIONS


def test_a_success_has_every_key_of_unleash(answers: Answers) -> None:
    """An agreeing 2xx has each key that Unleash answered, with a value of the same JSON type."""
    agreeing = [one for one in answers.values() if one.agrees and one.answer.status < 300]
    assert len(agreeing) > 20
    faults = {one.exchange.case: (one.keys.fewer, one.keys.of_another_type) for one in agreeing}
    assert {case: fault for case, fault in faults.items() if any(fault)} == {}


@pytest.mark.parametrize("case", ["list-after-environments", "project-second-list"])
def test_listed_tokens_are_compared_too(case: str, answers: Answers) -> None:
    """Both lists have tokens, with the same eleven keys."""
    compared = answers[case].keys
    shared = compared.ours.keys() & compared.theirs.keys()
    assert len([key for key in shared if key.startswith("tokens[].")]) == 11
    assert not compared.differ


def test_errors_have_one_shape(answers: Answers) -> None:
    """An error is `{id, name, message}`, with `details` of `{message, path?}` on 400 only."""
    errors = [one for one in answers.values() if one.answer.status >= 400]
    for one in errors:
        if one.exchange.method != "HEAD":
            _check_error(one)
    assert len(errors) > 60


def _check_error(one: Replayed) -> None:
    body = one.answer.body
    details = body.get("details", [])
    assert one.answer.headers["content-type"] == "application/json", one
    assert set(body) - {"details"} == {"id", "name", "message"}, one
    assert uuid.UUID(body["id"]).version == 4
    assert bool(details) == (one.answer.status == 400), one
    assert all({"message"} <= set(detail) <= {"message", "path"} for detail in details), one


def test_lists_hold_only_tokens_of_their_project_oldest_first(answers: Answers) -> None:
    """No list shows a token of another project."""
    lists = [one for one in answers.values() if "tokens" in (one.answer.body or {})]
    assert lists
    for one in lists:
        tokens, project = one.answer.body["tokens"], one.exchange.path.split("/")[4]
        assert [token["project"] for token in tokens] == [project] * len(tokens)
        assert [token["createdAt"] for token in tokens] == sorted(t["createdAt"] for t in tokens)


def test_an_environment_left_out_is_default(answers: Answers) -> None:
    """Unleash's server says `development` there, its document `default`."""
    body = answers["create-extra-field"].answer.body
    assert body["environment"] == "default"
    assert body["secret"].startswith("default:default.")


def test_location_leads_to_the_token(target: Server, answers: Answers) -> None:
    """The token at `Location` is the one minted, still a backend token, and never cached."""
    minted = answers["create-type-backend"].answer
    url = target.url + minted.headers["location"]
    found = httpx.get(url, headers={"Authorization": ROOT_TOKEN}, timeout=30)
    assert found.status_code == 200
    told = found.json()
    assert (told["secret"], told["type"]) == (minted.body["secret"], "backend")
    assert minted.headers["cache-control"] == found.headers["cache-control"] == "no-store"


def test_paths_have_one_spelling(target: Server) -> None:
    """Letter case, doubled slashes and a trailing slash are 404."""
    path = "/api/admin/projects/default/api-tokens"
    for spelling in (path.upper(), path.replace("/", "//"), path + "/"):
        answer = httpx.get(target.url + spelling, headers={"Authorization": ROOT_TOKEN}, timeout=30)
        assert answer.status_code == 404, spelling


def test_every_decision_explains_something(answers: Answers) -> None:
    """No decision is in the list that no exchange shows, and none is shown that is not listed."""
    assert {name for one in answers.values() for name in one.decisions} == set(DECISIONS)


def test_the_document_is_what_a_run_produces(answers: Answers) -> None:
    """docs/unleash-compatibility.md is up to date (`python -m tests.contract.unleash_replay`)."""
    committed = unleash_document.FILE.read_text(encoding="utf-8")
    assert unleash_document.filled_in(committed, list(answers.values())) == committed
