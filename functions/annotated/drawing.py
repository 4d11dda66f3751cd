"""Draw on a side's picture what its verification found, and write below what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from functions.annotated import barcode, faces, legend, mrz
from functions.annotated.palette import INK
from functions.annotated.pen import MAX_SIDE_PX, MIN_SIDE_PX, Pen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_decision.evidence import Side
    from cari_imaging import Image
    from cari_verification.contract import Verification
    from cari_verification.reports import MrzReport
    from functions.annotated.legend import Row

TEXT_HEIGHTS_ACROSS = 64  # in the drawing's width
MIN_TEXT_PX = 16


def draw(picture: Image, verification: Verification, side: Side) -> Image:
    """Draw what was found in an upright picture (RGB); 900 to 1600 pixels wide, its own proportions, a legend below."""
    pen = Pen(picture)
    report = {"front": verification.front, "back": verification.back, "selfie": None}[side]
    found = list(_found(pen, verification, side, report))
    width = min(MAX_SIDE_PX, max(MIN_SIDE_PX, pen.picture.shape[1]))
    text_px = max(MIN_TEXT_PX, width // TEXT_HEIGHTS_ACROSS)
    strips = mrz.transcript(picture, report, width, text_px) if report else []
    above = legend.panel([legend.title(verification, side)], width, text_px, text_px)
    below = legend.panel([*found, *legend.verdict(verification, side)], width, text_px, text_px)
    return np.vstack([_centred(pen.finish(), width), above, *strips, below])


def _found(pen: Pen, verification: Verification, side: Side, report: MrzReport | None) -> Iterator[Row]:
    if side == "selfie":
        yield from faces.mark_faces(pen, verification)
    if side == "front":
        yield from faces.mark_portrait(pen, verification.selfie)
    if report:
        yield from barcode.mark_barcode(pen, report)
        yield from mrz.mark_lines(pen, report)


def _centred(picture: Image, width: int) -> Image:
    """Put a narrow picture in the middle of a dark ground."""
    if picture.shape[1] >= width:
        return picture
    ground = np.full((picture.shape[0], width, 3), INK, np.uint8)
    left = (width - picture.shape[1]) // 2
    ground[:, left : left + picture.shape[1]] = picture
    return ground
