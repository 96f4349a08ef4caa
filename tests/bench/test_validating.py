"""Who says that answers are validated validates them, and who says no does not."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from handlers.wire.contract import contract
from models import recent
from tests.bench import rows
from tests.bench.conftest import Meeting
from tests.bench.operations import Question, questions
from tests.bench.scene import LISTED, SHARED, keyring_of

pytestmark = pytest.mark.bench
VALIDATING = {"jeton", "stock-validating", "fastapi-validating"}
NO_NAME, NO_UUID, NO_ENVIRONMENT = "two\nlines", "no-uuid", "a blank"
ASSERTING = (
    *("type", "pattern", "minLength", "maxLength", "minimum", "maximum", "enum", "required"),
    *("minItems", "maxItems", "uniqueItems"),
)


def test_a_wrong_share_token_is_found_by_who_validates(meeting: Meeting) -> None:
    """It is sealed as it should be, but no UUID."""
    found = _token(meeting, SHARED, "share")
    sealed = keyring_of(meeting.servers[0]).seal(NO_UUID, found["id"])
    with _planted(meeting, found, "sealed", sealed):
        _only_who_validates_fails(meeting, _question(meeting, "share"))


def test_a_wrong_name_is_found_in_an_introspection(meeting: Meeting) -> None:
    """No name has two lines."""
    with _planted(meeting, _token(meeting, SHARED, "api"), "name", NO_NAME):
        _forget_found()
        _only_who_validates_fails(meeting, _question(meeting, "introspect"))
    _forget_found()


@pytest.mark.parametrize("length", LISTED)
def test_one_wrong_name_is_found_in_a_list(meeting: Meeting, length: int) -> None:
    """Every token of a list is looked at, the last one, too."""
    last = _token(meeting, LISTED[length], "api")
    with _planted(meeting, last, "name", NO_NAME):
        _only_who_validates_fails(meeting, _question(meeting, f"list-{length}"))


def test_a_wrong_environment_is_found_in_what_fastapi_creates(meeting: Meeting) -> None:
    """Its twins let a blank in, which the contract's requests refuse, and only one lets it out."""
    body = {"type": "backend", "tokenName": "once", "environment": NO_ENVIRONMENT}
    question = replace(_question(meeting, "create"), body=json.dumps(body))
    found = {}
    for name in ("fastapi", "fastapi-validating"):
        rows.forget_created(meeting.url)
        found[name] = question.ask(meeting.server(name).url).status_code
    rows.forget_created(meeting.url)
    assert found == {"fastapi": 201, "fastapi-validating": 500}


def test_the_models_of_fastapi_state_what_the_contract_does() -> None:
    """Every pattern, length, enumeration and type, and what may be absent or null."""
    from tests.bench.contestants import fastapi_twin as twin
    from tests.bench.contestants.fastapi_validating import MODELS

    documented = {
        twin.share: "PublicShareToken",
        twin.introspect: "Introspection",
        twin.list_tokens: "ApiTokens",
        twin.create: "ApiToken",
    }
    assert MODELS.keys() == documented.keys()
    schemas = contract.document["components"]["schemas"]
    for endpoint, model in MODELS.items():
        written = model.model_json_schema()
        ours = _stated(schemas[documented[endpoint]], contract.document)
        assert _stated(written, written) == ours


def _only_who_validates_fails(meeting: Meeting, question: Question) -> None:
    found = {each.contestant.name: question.ask(each.url).status_code for each in meeting.servers}
    assert found == {name: 500 if name in VALIDATING else 200 for name in found}


def _forget_found() -> None:
    """Wait until no server remembers a row; who listens to PostgreSQL hears nothing of ours."""
    time.sleep(recent.SECONDS)


def _question(meeting: Meeting, name: str) -> Question:
    return questions(meeting.scene)[name]


def _token(meeting: Meeting, project: str, kind: str) -> dict[str, Any]:
    """The newest of a project."""
    statement = "SELECT * FROM token WHERE project_id = ? AND kind = ? ORDER BY id DESC LIMIT 1"
    (found,) = rows.execute(meeting.url, statement, (project, kind))
    return found


@contextmanager
def _planted(meeting: Meeting, token: dict[str, Any], column: str, wrong: Any) -> Iterator[None]:
    """What no API of ours would write, for a while."""
    statement = f"UPDATE token SET {column} = ? WHERE id = ?"
    rows.execute(meeting.url, statement, (wrong, token["id"]))
    try:
        yield
    finally:
        rows.execute(meeting.url, statement, (token[column], token["id"]))


def _stated(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What a schema demands, in whatever words: OpenAPI 3.0's or pydantic's."""
    from tests.bench.contestants.fastapi_validating import DATE_TIME, URI

    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return _stated(found, document)
    if "anyOf" in schema:
        some, null = schema["anyOf"]
        assert null == {"type": "null"}
        return _stated(some, document) | {"nullable": True}
    formats = {"date-time": DATE_TIME, "uri": URI}
    told = {word: schema[word] for word in (*ASSERTING, "nullable") if word in schema}
    told |= {"pattern": formats[schema["format"]]} if schema.get("format") in formats else {}
    told |= {"enum": [schema["const"]]} if "const" in schema else {}
    told |= {word: sorted(told[word]) for word in ("enum", "required") if word in told}
    told |= {"items": _stated(schema["items"], document)} if "items" in schema else {}
    parts = schema.get("properties", {}).items()
    return told | {"properties": {name: _stated(part, document) for name, part in parts}}
