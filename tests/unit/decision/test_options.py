"""What a caller may say besides the pictures."""

import json

import pytest

from cari_core.errors import ValidationFailed
from cari_decision.options import NO_OPTIONS, Options, check_retention, metadata_of


def test_no_metadata_is_none():
    assert metadata_of(None) == metadata_of("") == {}


@pytest.mark.parametrize(
    "said", [{"desk": "4"}, {"a" * 40: "x" * 500}, {"ключ.1".encode().hex()[:40]: "Здравствуйте 🛂"}]
)
def test_texts_by_name_are_metadata(said):
    assert metadata_of(json.dumps(said)) == said


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"text"',
        '{"a": 1}',
        '{"a": {"b": "c"}}',
        '{"": "x"}',
        '{"a b": "x"}',
        '{"é": "x"}',
        json.dumps({"a" * 41: "x"}),
        json.dumps({"a": "x" * 501}),
        json.dumps({"a": "x" * 10_000}),
        json.dumps({f"n{number}": "x" for number in range(21)}),
        '{"a": "\\ud800"}',
        '{"a": "x", "a": ' + "[" * 5000,
    ],
)
def test_anything_else_is_refused_by_name(text):
    with pytest.raises(ValidationFailed) as refused:
        metadata_of(text)

    assert refused.value.field == "metadata"


def test_the_same_metadata_in_another_order_is_the_same_wish():
    one, other = Options(metadata={"a": "1", "b": "2"}), Options(metadata={"b": "2", "a": "1"})

    assert one.as_parts() == other.as_parts()


def test_no_options_are_no_part_of_a_body():
    assert NO_OPTIONS.as_parts() == {}


@pytest.mark.parametrize("days", [None, 0, 30])
def test_as_long_as_the_service_keeps_anything_may_be_asked(days):
    check_retention(days, at_most=30)


def test_longer_is_refused():
    with pytest.raises(ValidationFailed):
        check_retention(60, at_most=30)
