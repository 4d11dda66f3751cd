"""The Tesseract rung: letters, digits and the rest read apart, each with only what ICAO allows to choose from."""

from __future__ import annotations

import os
import time
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING

import pytesseract

from cari_mrz import FILLER, UNREAD, Transcript, find_zones, layout_of
from cari_mrz.corners import has_square_left
from cari_mrz.layouts import ALLOWED, DIGITS, LETTERS
from functions.mrz.rungs.typeset import typeset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_imaging import Image
    from cari_mrz import Cell, Layout, Zone
    from functions.mrz.rungs.typeset import Typeset

METHOD = "tesseract"
MAX_ZONES = 2  # a page and a card in one picture; what scores less is other print
LETTER_GAPS_PX = (0, 6)  # the same print set twice: Tesseract errs in different places
CONFIG = "--psm 7 -c load_system_dawg=F -c load_freq_dawg=F -c tessedit_char_whitelist="  # one line, no words
THREADS = "1"  # on more, Tesseract collapses when several run at once


class _Kind(Enum):
    """What Tesseract may choose from."""

    LETTERS = LETTERS
    DIGITS = DIGITS
    BOTH = LETTERS | DIGITS


def read_with_tesseract(image: Image, time_left_s: float) -> Iterator[Transcript]:
    """Give two transcripts of each zone of a picture, the likeliest zone first, until the time is over."""
    os.environ["OMP_THREAD_LIMIT"] = THREADS  # where Tesseract, another process, looks for it
    deadline = time.monotonic() + time_left_s
    for zone in islice(find_zones(image), MAX_ZONES):
        for letter_gap in LETTER_GAPS_PX:
            try:
                lines = _transcribe(zone, letter_gap, deadline)
            except _Late:
                return
            yield Transcript(lines, METHOD, corners=tuple(line.corners for line in zone.lines))


class _Late(Exception):
    """The time is over."""


def _transcribe(zone: Zone, letter_gap: int, deadline: float) -> tuple[str, ...]:
    """Read the letters first: the first of them may tell that the layout is not the usual one."""

    def read(kind: _Kind, layout: Layout) -> dict[Cell, str]:
        cells = _cells_of(zone, layout, kind)
        return _ocr(typeset(zone, cells, letter_gap), kind, deadline) if cells else {}

    layout = _layout(zone, {})
    letters = read(_Kind.LETTERS, layout)
    told = _layout(zone, letters)
    if told is not layout:
        layout, letters = told, read(_Kind.LETTERS, told)
    either = read(_Kind.BOTH, layout)
    return _lines(zone, read(_Kind.DIGITS, layout) | _d_or_o(zone, letters | either))


def _d_or_o(zone: Zone, characters: dict[Cell, str]) -> dict[Cell, str]:
    """Take D for D and O for O: Tesseract is as sure of itself when it errs as when it does not."""
    return {
        (line, column): _by_corners(character, has_square_left(zone.lines[line].glyph(column)))
        if character in "DO0"
        else character
        for (line, column), character in characters.items()
    }


def _by_corners(character: str, is_square: bool | None) -> str:
    if is_square is None:
        return character
    if is_square:
        return "D"
    return "O" if character == "D" else character


def _layout(zone: Zone, characters: dict[Cell, str]) -> Layout:
    layout = layout_of(_lines(zone, characters))
    if layout is None:
        raise ValueError("a zone has the shape of some layout")
    return layout


def _cells_of(zone: Zone, layout: Layout, kind: _Kind) -> list[Cell]:
    """List the cells without a filler in which just this kind of character may stand."""
    return [
        (i, j)
        for i, line in enumerate(zone.lines)
        for j, is_filler in enumerate(line.is_filler)
        if not is_filler and _kind(layout.pictures[i][j]) is kind
    ]


def _kind(picture: str) -> _Kind:
    allowed = ALLOWED[picture] - {FILLER}
    return next(kind for kind in _Kind if allowed <= kind.value)


def _ocr(line: Typeset, kind: _Kind, deadline: float) -> dict[Cell, str]:
    """Read a line of print and give each character to its cell; a cell that gets two has neither."""
    config = CONFIG + "".join(sorted(kind.value))
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise _Late
    try:
        boxes = pytesseract.image_to_boxes(line.picture, config=config, timeout=left_s)
    except pytesseract.TesseractError:
        raise
    except RuntimeError:  # all that pytesseract says of a process it had to end
        raise _Late from None
    found: dict[Cell, list[str]] = {}
    for box in boxes.splitlines():
        character, left, _, right, *_ = box.split(" ")
        cell = line.cell_at((int(left) + int(right)) / 2)
        if cell:
            found.setdefault(cell, []).append(character)
    return {cell: characters[0] for cell, characters in found.items() if len(characters) == 1}


def _lines(zone: Zone, characters: dict[Cell, str]) -> tuple[str, ...]:
    return tuple(
        "".join(FILLER if is_filler else characters.get((i, j), UNREAD) for j, is_filler in enumerate(line.is_filler))
        for i, line in enumerate(zone.lines)
    )
