"""Every format, printed plainly on a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from cari_mrz import parse, read, reader
from specimens.fonts import ocr_b

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_mrz.blocks import Block
    from cari_mrz.mrz import Mrz

PITCH_PX = 20
FORMATS = {
    "TD1": ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
    "TD2": ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"),
    "TD3": ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
    "MRVA": ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"),
    "MRVB": ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"),
    "IDFRA": ("IDFRABERTHIER<<<<<<<<<<<<<<<<<992256", "8806923102858CORINNE<<<<<<<6512068F3"),
    "FRENCH_DRIVING_LICENCE": ("D1FRA13AA000026181231MARTIN<<9",),
    "SWISS_DRIVING_LICENCE": ("AAA001D<<", "FACHE305142128097<<800126<<<<<", "MARCHAND<<FABIENNE<<<<<<<<<<<<"),
}
LONG_NUMBER = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_read_and_named(name: str) -> None:
    reading = read(_card(FORMATS[name]))

    assert reading.mrz is not None
    assert (reading.mrz.format, reading.mrz.lines) == (name, FORMATS[name])
    assert reading.valid


def test_a_number_longer_than_its_field_is_read_whole() -> None:
    reading = read(_card(LONG_NUMBER))

    assert reading.mrz is not None
    assert (reading.mrz.number, reading.valid) == ("D23145890734", True)


def test_a_forged_birth_date_is_read_as_printed_and_not_accepted() -> None:
    forged = (FORMATS["TD3"][0], FORMATS["TD3"][1].replace("740812", "940812"))
    assert not parse(forged).valid

    reading = read(_card(forged))

    assert reading.mrz is not None
    assert (reading.mrz.date_of_birth, reading.valid, reading.repairs) == ("940812", False, ())


def test_lines_of_nothing_but_fillers_are_no_mrz() -> None:
    assert not read(_card(("<" * 44, "<" * 44))).found


def test_the_beginnings_of_lines_do_not_end_the_search_for_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(reader.find_blocks(cv2.cvtColor(_card(FORMATS["TD3"]), cv2.COLOR_RGB2GRAY)))[-1]
    beginnings = tuple(line.extended(0, -0.31 * line.length) for line in whole)  # as many letters as a TD2 has
    assert len(_only(monkeypatch, beginnings).lines[0]) == len(FORMATS["TD2"][0])

    assert _only(monkeypatch, beginnings, whole).lines == FORMATS["TD3"]


def _only(monkeypatch: pytest.MonkeyPatch, *blocks: Block) -> Mrz:
    """Read the passport's card where the lines are found in these places alone."""
    monkeypatch.setattr(reader, "find_blocks", lambda _: iter(blocks))
    found = reader.read(_card(FORMATS["TD3"])).mrz
    assert found is not None
    return found


def test_a_page_of_prose_is_no_mrz() -> None:
    prose = ("the quick brown fox jumps over the lazy dog, then", "sits down and writes a letter home about it all") * 4

    assert not read(_card(prose)).found


def _card(lines: tuple[str, ...]) -> NDArray[np.uint8]:
    width = PITCH_PX * (max(map(len, lines)) + 4)
    card = Image.new("RGB", (width, round(width * 0.63)), (236, 240, 236))
    pen = ImageDraw.Draw(card)
    for row, line in enumerate(lines):
        y = card.height - PITCH_PX * (2 + 1.8 * (len(lines) - 1 - row))
        for column, character in enumerate(line):
            pen.text((PITCH_PX * (2.5 + column), y), character, fill=(30, 30, 40), font=ocr_b(PITCH_PX), anchor="mm")
    return np.asarray(card)
