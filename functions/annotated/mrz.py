"""Draw an MRZ on its picture, and below it each line turned level, with what was read under what is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from functions.annotated import lettering
from functions.annotated.legend import Row
from functions.annotated.palette import DOUBTFUL, FAILED, GREY, INK, NEUTRAL, PAPER, PASSED, REPAIRED, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_imaging import Image
    from cari_verification.reports import MrzReport
    from functions.annotated.palette import Mark
    from functions.annotated.pen import Pen, Points

# Above and below a line, in heights of its print, and before and after it, in characters: nothing hides the letters.
ROOM_ABOVE_AND_BELOW, ROOM_AT_ENDS = 0.3, 0.4
PITCH_PX = 36  # a character's width below the picture, at most
MIN_HEIGHT_PITCHES, MAX_HEIGHT_PITCHES = 0.8, 2.6  # the height of a levelled line, in characters' widths


@dataclass(frozen=True)
class Line:
    """One line: what was read, where it is printed if that is known, which of its columns are marked."""

    text: str
    corners: Points | None  # 4×2: from the line's own top left, clockwise
    marked: dict[int, Mark]


def lines_of(report: MrzReport) -> list[Line]:
    """Collect what the report says of each line."""
    texts = (report.raw_text or "").splitlines()
    places = report.lines or []
    marked: list[dict[int, Mark]] = [{} for _ in texts]
    cells = [
        *((repair.line, repair.column, REPAIRED) for repair in report.repairs),
        *((line, column, DOUBTFUL) for line, column in report.doubtful),
    ]
    for line, column, mark in cells:
        if 0 <= line < len(texts) and 0 <= column < len(texts[line]):
            marked[line][column] = mark
    return [
        Line(text, _corners(places[i]) if i < len(places) else None, marked[i]) for i, text in enumerate(texts) if text
    ]


def mark_lines(pen: Pen, report: MrzReport) -> Iterator[Row]:
    """Outline each line, and each character that is in doubt or was repaired."""
    lines, mark = lines_of(report), _mark(report)
    known = [line for line in lines if line.corners is not None]
    for line in known:
        pen.outline(cell(line, -ROOM_AT_ENDS, len(line.text) + ROOM_AT_ENDS), mark)
        for column, why in line.marked.items():
            pen.tint(cell(line, column, column + 1), why)
    if known:
        pen.plate(np.vstack([cell(line, 0, len(line.text)) for line in known]), f"MRZ {report.mrz_type or ''}", mark)
    yield from _rows(report, mark)


def transcript(picture: Image, report: MrzReport, width_px: int, pad_px: int) -> list[Image]:
    """Cut each line out of the picture, turned level, and write under it what was read; RGB strips, H×width_px×3."""
    lines = lines_of(report)
    if not lines:
        return []
    pitch = min(PITCH_PX, (width_px - 2 * pad_px) / max(len(line.text) for line in lines))
    return [_strip(picture, line, width_px, pad_px, pitch) for line in lines]


def cell(line: Line, start: float, end: float) -> Points:
    """Give the corners, 4×2 in pixels, of a line's columns from start to end, with room above and below."""
    top_left, top_right, bottom_right, bottom_left = np.asarray(line.corners, np.float64)
    up_left = ROOM_ABOVE_AND_BELOW * (top_left - bottom_left)
    up_right = ROOM_ABOVE_AND_BELOW * (top_right - bottom_right)
    upper = top_left + up_left, top_right + up_right
    lower = bottom_left - up_left, bottom_right - up_right
    a, b = start / len(line.text), end / len(line.text)
    return np.stack([_between(*upper, a), _between(*upper, b), _between(*lower, b), _between(*lower, a)])


def _strip(picture: Image, line: Line, width_px: int, pad_px: int, pitch: float) -> Image:
    length = round(pitch * len(line.text))
    levelled = _levelled(picture, line, length, pitch)
    text_px = pitch * 1.25
    row_px = round(text_px * 1.4)
    strip = np.full((levelled.shape[0] + row_px + pad_px // 2, width_px, 3), PAPER, np.uint8)
    strip[: levelled.shape[0], pad_px : pad_px + length] = levelled
    for column, character in enumerate(line.text):
        left, right = round(pad_px + column * pitch), round(pad_px + (column + 1) * pitch)
        top, bottom = levelled.shape[0], levelled.shape[0] + row_px
        if mark := line.marked.get(column):
            cv2.rectangle(strip, (left, top), (right - 1, bottom - 1), mark.color, -1)
            cv2.rectangle(strip, (left, 0), (right - 1, bottom - 1), mark.color, 2)
        ink = GREY if character == "<" and not mark else INK
        lettering.write_character(strip, ((left + right) / 2, (top + bottom) / 2), character, text_px, ink)
    return strip


def _levelled(picture: Image, line: Line, length: int, pitch: float) -> Image:
    """Cut a line out of the picture, turned level, length pixels wide; no rows where its place is unknown."""
    if line.corners is None:
        return np.zeros((0, length, 3), np.uint8)
    corners = cell(line, 0, len(line.text))
    long = _distance(corners[0], corners[1]) + _distance(corners[3], corners[2])
    high = _distance(corners[0], corners[3]) + _distance(corners[1], corners[2])
    height = round(min(MAX_HEIGHT_PITCHES * pitch, max(MIN_HEIGHT_PITCHES * pitch, length * high / max(long, 1.0))))
    target = np.array([(0, 0), (length, 0), (length, height), (0, height)], np.float32)
    homography = np.asarray(cv2.getPerspectiveTransform(corners.astype(np.float32), target), np.float64)
    # corners in a line: there is nothing between them
    if abs(float(np.linalg.det(homography))) < np.finfo(np.float64).eps:
        return np.zeros((0, length, 3), np.uint8)
    warped = cv2.warpPerspective(
        picture, homography, (length, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.uint8)


def _rows(report: MrzReport, mark: Mark) -> Iterator[Row]:
    why = f": {report.reason}" if report.reason else ""
    if not report.found:
        yield Row(f"No MRZ was read on this side{why}", NEUTRAL)
        return
    agree = "every check digit agrees" if report.valid else f"not valid{why}"
    yield Row(f"MRZ {report.mrz_type}: {agree}, score {report.valid_score}, read by {report.method}", mark)
    if report.doubtful or report.uncertain_fields:
        fields = ", ".join(report.uncertain_fields) or "none"
        yield Row(f"Characters in doubt: {len(report.doubtful)}; fields: {fields}", DOUBTFUL)
    for repair in report.repairs:
        place = f"Line {repair.line + 1}, character {repair.column + 1}"
        yield Row(f"{place}: read {repair.read}, written {repair.written}: {repair.reason}", REPAIRED)


def _mark(report: MrzReport) -> Mark:
    if report.valid:
        return PASSED
    disagrees = False in {
        report.valid_number,
        report.valid_date_of_birth,
        report.valid_expiration_date,
        report.valid_composite,
        report.valid_personal_number,
    }
    return FAILED if disagrees else WARNING


def _distance(start: Points, end: Points) -> float:
    return float(np.linalg.norm(end - start))


def _between(start: Points, end: Points, share: float) -> Points:
    return start + share * (end - start)


def _corners(line: list[list[float]]) -> Points | None:
    corners = np.asarray(line, np.float64)
    return corners if corners.shape == (4, 2) else None
