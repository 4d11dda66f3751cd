"""The printed text's part of an answer: its words by lines. Where it fails, the MRZ's part is answered all the same."""

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

SPARSE_TEXT_CONFIG = "--psm 11"  # text in no order; Tesseract does not know the layouts of documents
MRZ_PITCH_MM = 2.54  # of an MRZ's characters (ICAO 9303-3, 4.3), from which the picture's scale is known
PX_PER_MM = 12  # capitals of 2 mm, as documents have them, then have the height that Tesseract reads best
MAX_ABOVE_MRZ_MM = 100  # more than any document has above its MRZ
MAX_BESIDE_MRZ_MM = 12  # more than any document has between its MRZ and either edge
LONG_SIDE_PX = 1600  # of a picture without an MRZ, whose scale is not known
MIN_SIDE_PX = 50  # of what lies above the MRZ; less holds no text
MAX_SECONDS = 8.0

Words = list[list[list[str | float]]]  # lines of words, each [text, confidence 0..1]


def printed_part(image: Image, reading: MrzReading, *, is_asked_for: bool, time_left_s: float) -> dict[str, Any]:
    """Read a picture's words (upright RGB, H×W×3 uint8) as {"printed_text": lines of [text, confidence 0..1]}.

    Null where reading failed or there was no time, nothing unless asked for.
    """
    if not is_asked_for:
        return {}
    try:
        return {"printed_text": _read(image, reading, min(MAX_SECONDS, time_left_s))}
    except Exception as error:  # noqa: BLE001 - Tesseract and OpenCV fail as they like; the MRZ is answered all the same
        log_unexpected(error, step="printed_text")
        return {"printed_text": None}


def _read(image: Image, reading: MrzReading, time_left_s: float) -> Words | None:
    page = _page(image, reading) if time_left_s > 0 else None
    found = None if page is None else tesseract.words(page, SPARSE_TEXT_CONFIG, time_left_s)
    if found is None:
        return None
    rows = zip(found["block_num"], found["par_num"], found["line_num"], found["text"], found["conf"], strict=True)
    lines = groupby((row for row in rows if row[3].strip()), key=lambda row: row[:3])
    return [[[text.strip(), round(float(percent) / 100, 3)] for *_, text, percent in line] for _, line in lines]


def _page(image: Image, reading: MrzReading) -> NDArray[np.uint8] | None:
    """Cut out what lies above the MRZ, turned upright and scaled by it (grey, H×W); or the whole picture, scaled."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    if reading.mrz is None or reading.corners is None:
        scale = LONG_SIDE_PX / max(gray.shape)
        return np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=_interpolation(scale)), np.uint8)
    corners = np.array(reading.corners, np.float64).reshape(-1, 2)
    (left, left_y), (right, right_y) = corners[0], corners[1]
    mrz_width_px = np.hypot(right - left, right_y - left_y)
    scale = MRZ_PITCH_MM * len(reading.mrz.lines[0]) * PX_PER_MM / mrz_width_px
    height, width = gray.shape
    angle_deg = np.degrees(np.arctan2(right_y - left_y, right - left))
    upright = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, scale), np.float64)
    edges = _transformed(np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64), upright)
    mrz = _transformed(corners, upright)
    top_left = np.maximum(
        edges.min(axis=0), mrz.min(axis=0) - PX_PER_MM * np.array([MAX_BESIDE_MRZ_MM, MAX_ABOVE_MRZ_MM])
    )
    bottom_right = np.minimum(
        edges.max(axis=0), [mrz[:, 0].max() + PX_PER_MM * MAX_BESIDE_MRZ_MM, mrz[:, 1].min() - PX_PER_MM]
    )
    columns, rows = (bottom_right - top_left).astype(int)
    if min(columns, rows) < MIN_SIDE_PX:
        return None
    upright[:, 2] -= top_left
    page = cv2.warpAffine(gray, upright, (columns, rows), flags=_interpolation(scale), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(page, np.uint8)


def _transformed(points: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])


def _interpolation(scale: float) -> int:
    return cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
