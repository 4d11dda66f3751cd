"""The text for people's part of an answer: its words, line by line. Whatever happens to it, the MRZ's part is given."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from cari_aws.observability import log_unexpected
from functions.mrz_fallback import tesseract

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_imaging import Image
    from cari_mrz import MrzReading

SCATTERED = "--psm 11"  # text in no order; the layouts of documents are none that Tesseract was made for
PITCH_MM = 2.54  # of an MRZ's characters (ICAO 9303-3, 4.3), which tells how large everything else is
PX_PER_MM = 12  # capitals of 2 mm, as documents have them, then have the height that Tesseract reads best
ABOVE_MM = 100  # higher than any document above its MRZ
BESIDE_MM = 12  # from the MRZ to either edge of a document, and to spare
SIDE_PX = 1600  # of a picture without an MRZ, whose scale nothing tells
LEAST_PX = 50
MOST_S = 8.0

Words = list[list[list[str | float]]]  # lines of words, each a text and how sure it is


def printed_part(image: Image, reading: MrzReading, *, is_asked_for: bool, time_left_s: float) -> dict[str, Any]:
    """Read a picture's words (upright RGB, H×W×3 uint8), each with how sure that is (0..1).

    Null where reading failed or there was no time, nothing unless asked for.
    """
    if not is_asked_for:
        return {}
    try:
        return {"printed_text": _read(image, reading, min(MOST_S, time_left_s))}
    except Exception as error:  # noqa: BLE001 - Tesseract and OpenCV fail as they like; the MRZ is still to be told
        log_unexpected(error, step="printed_text")
        return {"printed_text": None}


def _read(image: Image, reading: MrzReading, time_left_s: float) -> Words | None:
    page = _page(image, reading) if time_left_s > 0 else None
    found = None if page is None else tesseract.words(page, SCATTERED, time_left_s)
    if found is None:
        return None
    rows = zip(found["block_num"], found["par_num"], found["line_num"], found["text"], found["conf"], strict=True)
    lines = groupby((row for row in rows if row[3].strip()), key=lambda row: row[:3])
    return [[[text.strip(), round(float(sure) / 100, 3)] for *_, text, sure in line] for _, line in lines]


def _page(image: Image, reading: MrzReading) -> NDArray[np.uint8] | None:
    """Turn and scale what lies above the MRZ by the MRZ; scale the whole picture where there is none."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    if reading.mrz is None or reading.corners is None:
        scale = SIDE_PX / max(gray.shape)
        return np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=_interpolation(scale)), np.uint8)
    corners = np.array(reading.corners, np.float64).reshape(-1, 2)
    (left, top), (right, top_right) = corners[0], corners[1]
    across = np.hypot(right - left, top_right - top)
    scale = PITCH_MM * len(reading.mrz.lines[0]) * PX_PER_MM / across
    height, width = gray.shape
    turn = np.degrees(np.arctan2(top_right - top, right - left))
    upright = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), turn, scale), np.float64)
    edges = _moved(np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64), upright)
    mrz = _moved(corners, upright)
    least = np.maximum(edges.min(axis=0), mrz.min(axis=0) - PX_PER_MM * np.array([BESIDE_MM, ABOVE_MM]))
    most = np.minimum(edges.max(axis=0), [mrz[:, 0].max() + PX_PER_MM * BESIDE_MM, mrz[:, 1].min() - PX_PER_MM])
    columns, rows = (most - least).astype(int)
    if min(columns, rows) < LEAST_PX:
        return None
    upright[:, 2] -= least
    page = cv2.warpAffine(gray, upright, (columns, rows), flags=_interpolation(scale), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(page, np.uint8)


def _moved(points: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(points @ by[:, :2].T + by[:, 2])


def _interpolation(scale: float) -> int:
    return cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
