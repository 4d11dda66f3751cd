from __future__ import annotations

import pytest

from cari_mrz import lines_of_text

LINE1 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
LINE2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def test_the_last_long_lines_are_taken() -> None:
    assert lines_of_text(f"some caption\n\n{LINE1}\n{LINE2}\n") == (LINE1, LINE2)


def test_spaces_inside_a_line_are_dropped() -> None:
    assert lines_of_text(f"{LINE1[:9]} {LINE1[9:]}\n {LINE2} ") == (LINE1, LINE2)


def test_a_short_line_is_filled_up_and_a_long_one_cut() -> None:
    assert lines_of_text(f"{LINE1[:-3]}\n{LINE2}") == (LINE1, LINE2)
    assert lines_of_text(f"{LINE1}<<\n{LINE2}") == (LINE1, LINE2)


def test_what_no_mrz_prints_is_unread() -> None:
    lines = lines_of_text(f"{LINE1}\n{LINE2[:-1]}>")

    assert lines == (LINE1, LINE2[:-1] + "?")


@pytest.mark.parametrize("text", ["", "no mrz here", LINE1, "A" * 60 + "\n" + "B" * 60])
def test_text_without_the_shape_of_an_mrz_gives_none(text: str) -> None:
    assert lines_of_text(text) is None
