from __future__ import annotations

import pytest

from tests.benchmarks.mrz.assembly import Text, assemble

LINE1 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
LINE2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def text(content: str, left: float, top: float, right: float) -> Text:
    return Text(content, ((left, top), (right, top), (right, top + 18), (left, top + 18)))


def test_two_long_rows_make_an_mrz_whatever_else_is_on_the_page() -> None:
    mrz = assemble([text("PASSPORT", 0, 0, 90), text(LINE2, 0, 330, 440), text(LINE1, 0, 300, 440)])

    assert mrz is not None
    assert mrz.lines == (LINE1, LINE2)


def test_look_alikes_are_exchanged_where_only_letters_or_digits_may_stand() -> None:
    mrz = assemble(
        [
            text(LINE1.replace("ERIKSSON", "ER1KS5ON"), 0, 300, 440),
            text(LINE2.replace("7408122", "74O8I22"), 0, 330, 440),
        ]
    )

    assert mrz is not None
    assert mrz.lines == (LINE1, LINE2)


@pytest.mark.parametrize("line", [LINE1[:-2], LINE1 + "<<"])
def test_a_run_of_fillers_is_brought_to_the_lines_width(line: str) -> None:
    mrz = assemble([text(line, 0, 300, 440), text(LINE2, 0, 330, 440)])

    assert mrz is not None
    assert mrz.lines == (LINE1, LINE2)


def test_pieces_side_by_side_are_joined() -> None:
    mrz = assemble(
        [
            text(LINE1[:20], 0, 300, 200),
            text(LINE1[20:], 200, 301, 440),
            text(LINE2, 0, 330, 440),
        ]
    )

    assert mrz is not None
    assert mrz.lines == (LINE1, LINE2)


def test_a_page_upside_down_is_read_from_its_own_top() -> None:
    mrz = assemble([text(LINE2, 0, 300, 440), text(LINE1, 0, 330, 440)])

    assert mrz is not None
    assert mrz.lines == (LINE1, LINE2)


def test_a_page_without_long_rows_has_no_mrz() -> None:
    assert assemble([text("VALID THRU", 0, 0, 90), text("5412751234123456", 0, 30, 200)]) is None
