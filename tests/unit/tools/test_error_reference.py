import re
from pathlib import Path

import pytest

from cari_core.errors import CariError, NotFound
from tools import error_reference

WRITTEN = Path(__file__).parents[3] / "docs" / "errors.md"


def test_the_written_reference_is_what_the_tree_says():
    assert WRITTEN.read_text() == error_reference.markdown(), "run `make docs`"


def test_an_error_of_the_tree_is_listed_with_its_meaning():
    listed = {entry.code: entry for entry in error_reference.entries()}

    assert (listed["not_found"].status, listed["not_found"].meaning) == (404, NotFound.__doc__)


def test_an_error_below_another_is_listed_too():
    assert "body_mangled" in {entry.code for entry in error_reference.entries()}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("rate_limited", "Yes"),
        ("gateway_timeout", "Yes"),
        ("idempotency_in_progress", "Yes"),
        ("not_found", "No:"),
        ("quota_exceeded", "Not before"),
    ],
)
def test_it_is_said_whether_the_same_request_is_worth_repeating(code, said):
    listed = {entry.code: entry for entry in error_reference.entries()}

    assert listed[code].repeat.startswith(said)


def test_every_code_is_an_anchor_of_the_page():
    anchors = set(re.findall(r'<section id="(\w+)">', error_reference.html()))

    assert anchors == {entry.code for entry in error_reference.entries()}


def test_the_page_escapes_what_it_prints(monkeypatch):
    monkeypatch.setattr(CariError, "title", "a < b")

    assert "a &lt; b" in error_reference.html()
