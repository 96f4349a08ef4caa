"""Schemas: instants, OpenAPI's dialect of JSON Schema, and words that hold no value."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handlers.wire.refusals import ValidationFailed
from handlers.wire.schemas import Schema, draft4, instant
from handlers.wire.times import milliseconds, timestamp

LAST_MILLISECOND = 253_402_300_799_999


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2031-05-06T07:08:09Z", datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)),
        ("2031-05-06t07:08:09z", datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)),
        ("2031-05-06T07:08:09.1+02:00", datetime(2031, 5, 6, 5, 8, 9, 100_000, UTC)),
        ("2031-05-06T07:08:09.123456789Z", datetime(2031, 5, 6, 7, 8, 9, 123_456, UTC)),
        ("2031-05-06T07:08:09-00:30", datetime(2031, 5, 6, 7, 38, 9, tzinfo=UTC)),
    ],
)
def test_instants_are_read_as_rfc_3339_has_them(text: str, expected: datetime) -> None:
    """Either case, any fraction and any offset mean the same instant in UTC."""
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2031-05-06",
        "2031-05-06T07:08:09",
        "2031-05-06 07:08:09Z",
        "2031-02-30T00:00:00Z",
        "2031-05-06T24:00:00Z",
        "2031-05-06T07:08:60Z",
        "٢031-05-06T07:08:09Z",
        "2031-05-06T07:08:09Z\n",
        "2031-05-06T07:08:09+24:00",
    ],
)
def test_nonsense_is_no_instant(text: str) -> None:
    """What RFC 3339 does not allow, or no calendar has, is refused."""
    with pytest.raises(ValueError, match=r"\w"):
        instant(text)


@given(some.integers(0, LAST_MILLISECOND))
def test_instants_survive_the_journey(at: int) -> None:
    """Milliseconds become a timestamp and come back the same."""
    assert milliseconds(timestamp(at)) == at


def test_nullable_becomes_a_type() -> None:
    """A nullable schema lets null pass, also where it has an enum; examples are left out."""
    source = {"type": "string", "enum": ["a"], "nullable": True, "example": "a"}
    assert draft4(source) == {"type": ["string", "null"], "enum": ["a", None]}


@given(some.text(min_size=9, max_size=30))
def test_words_hold_no_value(text: str) -> None:
    """The message of a broken rule never repeats what was sent."""
    schema = Schema({"title": "Name", "type": "string", "minLength": 1, "maxLength": 8})
    with pytest.raises(ValidationFailed) as refused:
        schema.check(text, "/body", "body")
    assert refused.value.detail == "Name must be between 1 and 8 characters"


def test_defaults_fill_what_is_missing_alone() -> None:
    """A default stands in for an absent property, and never for one that is there."""
    schema = Schema({"type": "object", "properties": {"a": {"default": 1}, "b": {"default": 2}}})
    body: dict[str, object] = {"a": None}
    schema.fill_defaults(body)
    assert body == {"a": None, "b": 2}
    schema.fill_defaults([])
