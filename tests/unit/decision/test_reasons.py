"""The reasons and what is said of them."""

from importlib.resources import files
from pathlib import Path

import pytest

from cari_decision.reasons import REASONS, reasons
from tools import reason_reference

LANGUAGES = [text.name.removesuffix(".toml") for text in files("cari_decision").joinpath("texts").iterdir()]


def test_the_committed_reference_is_what_the_code_says():
    committed = Path(__file__).parents[3] / "docs/reasons.md"

    assert committed.read_text() == reason_reference.markdown(), "run `make docs`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_every_reason_to_both(language):
    said = reasons(language)

    assert said.keys() == REASONS.keys()
    assert not [reason.code for reason in said.values() if not reason.message or not reason.operator]


@pytest.mark.parametrize("code", REASONS)
def test_a_sentence_is_one_and_ends(code):
    for sentence in (REASONS[code].message, REASONS[code].operator):
        assert sentence.endswith(".")
        assert "  " not in sentence


@pytest.mark.parametrize("code", [code for code in REASONS if REASONS[code].retryable])
def test_whom_another_picture_helps_is_not_told_to_give_up(code):
    assert "is not accepted" not in REASONS[code].message
