"""From the texts that a general OCR finds in a picture to an MRZ, as somebody who knows MRZs would write it.

Rows are put together from their pieces, runs of fillers are brought to the line's width, and where a position
holds only letters or only digits their look-alikes are exchanged. Check digits choose between readings of the
same rows; they repair nothing.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cari_mrz import FILLER, MrzWarning, layout_of, parse
from cari_mrz.check_digits import ALPHABET
from cari_mrz.layouts import ALLOWED, DIGIT, DIGIT_OR_FILLER, LETTER, LETTER_OR_FILLER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cari_mrz import Mrz

Box: TypeAlias = tuple[tuple[float, float], ...]
"""Four corners: along the top of the text and back along its bottom."""

SHAPES = ((3, 30), (2, 44), (2, 36))
MOST_MISSING, MOST_SURPLUS = 5, 5  # characters of a line
LEAST_OF_ALPHABET = 0.85  # share of a text's characters, as they are printed
LEAST_FILLERS = 2  # in an MRZ

AS_FILLERS = str.maketrans({"«": "<<", "《": "<<", "\u2039": "<", "〈": "<", "≤": "<", "く": "<", "(": "<", "[": "<"})
AS_LETTERS = str.maketrans("0125678", "OIZSGTB")
AS_DIGITS = str.maketrans("OQDUILZSGTBA", "000011256784")


@dataclass(frozen=True)
class Text:
    """One text and where it stands."""

    text: str
    box: Box


def assemble(texts: Sequence[Text]) -> Mrz | None:
    """Put the MRZ together whose check digits fit best; None where no rows have an MRZ's shape."""
    pieces = [piece for text in texts if (piece := _piece(text))]
    if not pieces:
        return None
    # OCR turns each text upright by itself, so the boxes do not say which end of the page is up
    readings = [
        lines
        for upside_down in (False, True)
        for side_by_side in (False, True)
        for lines in _candidates(_rows(pieces, upside_down=upside_down, side_by_side=side_by_side))
    ]
    readings.sort(key=_fit_to_layout, reverse=True)  # so that of equals the likeliest wins
    return max((parse(_repaired(lines)) for lines in readings), key=_soundness, default=None)


def _piece(text: Text) -> Text | None:
    """Keep what may be part of an MRZ, written in its alphabet."""
    plain = unicodedata.normalize("NFKD", "".join(text.text.split()).translate(AS_FILLERS))
    upper_case = sum(character in ALPHABET for character in plain)
    known = "".join(character for character in plain.upper() if character in ALPHABET)
    return Text(known, text.box) if upper_case >= max(1, LEAST_OF_ALPHABET * len(plain)) else None


def _rows(pieces: Sequence[Text], *, upside_down: bool, side_by_side: bool) -> list[str]:
    """Order pieces from the top row to the bottom one, and join those side by side if that is asked for."""
    longest = max(pieces, key=lambda piece: _length(piece.box))
    angle = _angle(longest.box) + (math.pi if upside_down else 0.0)
    cos, sin = math.cos(angle), math.sin(angle)
    placed = []
    for piece in pieces:
        x, y = (sum(corner[axis] for corner in piece.box) / len(piece.box) for axis in (0, 1))
        placed.append((y * cos - x * sin, x * cos + y * sin, piece.text))
    height = _height(longest.box)
    rows: list[list[tuple[float, float, str]]] = []
    for down, across, text in sorted(placed):
        if side_by_side and rows and down - rows[-1][-1][0] < height / 2:
            rows[-1].append((down, across, text))
        else:
            rows.append([(down, across, text)])
    return ["".join(text for _, _, text in sorted(row, key=lambda piece: piece[1])) for row in rows]


def _length(box: Box) -> float:
    return max(math.dist(box[0], box[1]), math.dist(box[1], box[2]))


def _height(box: Box) -> float:
    return min(math.dist(box[0], box[1]), math.dist(box[1], box[2]))


def _angle(box: Box) -> float:
    """Give the direction of a box's longer side."""
    start, end = (box[0], box[1]) if math.dist(box[0], box[1]) >= math.dist(box[1], box[2]) else (box[1], box[2])
    return math.atan2(end[1] - start[1], end[0] - start[0])


def _candidates(rows: Sequence[str]) -> Iterator[list[str]]:
    """Cut out every run of rows that is as many and as long as the lines of an MRZ."""
    for height, width in SHAPES:
        long = [row for row in rows if -MOST_MISSING <= len(row) - width <= MOST_SURPLUS]
        for first in range(len(long) - height + 1):
            lines = [_fit(row, width) for row in long[first : first + height]]
            if "".join(lines).count(FILLER) >= LEAST_FILLERS:
                yield lines


def _soundness(mrz: Mrz) -> tuple[bool, int]:
    """Prefer what begins as a document does, then what more check digits agree with."""
    return MrzWarning.DOCUMENT_CODE_UNUSUAL not in mrz.warnings, sum(check.passed for check in mrz.checks)


def _fit_to_layout(lines: Sequence[str]) -> int:
    """Count the characters that may stand where they stand: more the right way up than upside down."""
    layout = layout_of(lines)
    patterns = "".join(layout.patterns) if layout else ""
    return sum(character in ALLOWED[kind] for character, kind in zip("".join(lines), patterns, strict=True))


def _fit(row: str, width: int) -> str:
    """Lengthen or shorten the longest run of fillers, whose number OCR gets wrong first, to reach the width."""
    run = max((len(fillers) for fillers in _runs(row)), default=0)
    start = row.rfind(FILLER * run) if run else len(row)
    surplus = max(0, min(len(row) - width, run - 1))
    return (row[:start] + FILLER * max(0, width - len(row)) + row[start + surplus :])[:width]


def _runs(row: str) -> list[str]:
    return "".join(character if character == FILLER else " " for character in row).split()


def _repaired(lines: Sequence[str]) -> list[str]:
    """Exchange digits for the letters they look like, and the other way round, where only those may stand."""
    layout = layout_of(lines)
    if layout is None:  # no lines of these shapes are without one
        return list(lines)
    return [
        "".join(_allowed(character, kind) for character, kind in zip(line, pattern, strict=True))
        for line, pattern in zip(lines, layout.patterns, strict=True)
    ]


def _allowed(character: str, kind: str) -> str:
    if kind in (LETTER, LETTER_OR_FILLER):
        return character.translate(AS_LETTERS)
    if kind in (DIGIT, DIGIT_OR_FILLER):
        return character.translate(AS_DIGITS)
    return character
