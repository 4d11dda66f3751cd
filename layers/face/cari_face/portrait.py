"""Choose a picture's main face: the portrait of a document, the person who takes a selfie."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cari_face.face import Face

# Two faces are of equal size where the smaller one's area is at least this share of the other's. Ghost images and
# second portraits are smaller: ICAO 9303 shows the portrait once at full size.
SAME_SIZE_AREA_SHARE = 0.6
SHARPNESS_MARGIN = 0.15  # in Quality's units; a screened or faded second portrait lacks at least so much


class ChoiceReason(StrEnum):
    """Why a face was chosen."""

    ONLY = "only"
    LARGEST = "largest"
    SHARPEST = "sharpest"  # of several of equal size
    CENTRAL = "central"  # of several of equal size and sharpness


@dataclass(frozen=True)
class Choice:
    """The main face, and why it was chosen."""

    face: Face
    reason: ChoiceReason


def choose(faces: Sequence[Face], size: tuple[int, int]) -> Choice | None:
    """Choose among a picture's faces; `size` is its height and width in pixels. None where there are none."""
    if not faces:
        return None
    largest = max(faces, key=lambda face: face.box.area)
    if len(faces) == 1:
        return Choice(largest, ChoiceReason.ONLY)
    rivals = [face for face in faces if face.box.area >= SAME_SIZE_AREA_SHARE * largest.box.area]
    if len(rivals) == 1:
        return Choice(largest, ChoiceReason.LARGEST)
    sharpest = max(face.quality.sharpness for face in rivals)
    sharp = [face for face in rivals if face.quality.sharpness > sharpest - SHARPNESS_MARGIN]
    if len(sharp) == 1:
        return Choice(sharp[0], ChoiceReason.SHARPEST)
    return Choice(min(sharp, key=lambda face: _off_centre(face, size)), ChoiceReason.CENTRAL)


def _off_centre(face: Face, size: tuple[int, int]) -> float:
    height, width = size
    box = face.box
    return float(np.hypot(box.left + box.width / 2 - width / 2, box.top + box.height / 2 - height / 2))
