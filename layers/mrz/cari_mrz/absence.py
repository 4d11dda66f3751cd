"""Why a picture has no MRZ that could be read: so that whoever took it knows what to do better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .reading import Reason
from .strips import STRIP_HEIGHT, Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .blocks import Block
    from .lines import Floats, Gray, TextLine

LEAST_SIDE_PX = 200  # 44 letters in fewer pixels cannot be told apart
LEAST_LETTER_PX = 4.0
DARK = 40  # the brightest tenth of a picture is no brighter
WHITE, MOST_WHITE = 250, 0.3  # of a line that is lost in glare
# The steepest steps from pixel to pixel, letters 16 pixels high, in units of the print's contrast: on 39 specimens
# 0.3 to 0.7; blurred until they could just be read still, 0.1.
BLURRED = 0.1
EDGE = 0.6  # letters between a line's end and the picture's
LOOKED_AT_PX = 640  # long side at which a whole picture is judged


def why_absent(gray: Gray, blocks: Sequence[Block]) -> Reason:
    """Give the likeliest reason why nothing could be read in these blocks, or why there are none."""
    if max(gray.shape) < LEAST_SIDE_PX:
        return Reason.TOO_SMALL
    if float(np.percentile(gray, 90)) < DARK:
        return Reason.TOO_DARK
    if not blocks:
        return Reason.BLURRED if _is_blurred(gray) else Reason.NO_MRZ
    return _why_unread(gray, blocks[0])


def _why_unread(gray: Gray, block: Block) -> Reason:
    """Judge what looks like an MRZ from afar."""
    strips = [np.asarray(Frame.of(line, height=STRIP_HEIGHT).cut(gray), np.float32) for line in block]
    if np.mean([line.height for line in block]) < LEAST_LETTER_PX:
        return Reason.TOO_SMALL
    if any(_runs_out(line, gray.shape) for line in block):
        return Reason.CROPPED
    if (
        max(float((strip >= WHITE).mean()) for strip in strips) > MOST_WHITE
        and min(float(np.ptp(strip)) for strip in strips) > WHITE / 2
    ):
        return Reason.GLARE
    if max(_steepness(strip) for strip in strips) < BLURRED:
        return Reason.BLURRED
    return Reason.NO_MRZ


def _runs_out(line: TextLine, shape: tuple[int, ...]) -> bool:
    """Say whether a line ends at the picture's edge."""
    height, width = shape[:2]
    room = EDGE * line.height
    ends = np.array([(line.corners[0] + line.corners[3]) / 2, (line.corners[1] + line.corners[2]) / 2])
    return bool((ends < room).any() or (ends > np.array([width, height]) - room).any())


def _is_blurred(gray: Gray) -> bool:
    scale = min(1.0, LOOKED_AT_PX / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _steepness(np.asarray(small, np.float32), rare=10) < BLURRED


def _steepness(pixels: Floats, rare: float = 1) -> float:
    """Measure the steepest steps along rows, in units of the contrast; rarer ones where there is little print."""
    dark, light = np.percentile(pixels, (5 / rare, 100 - 5 / rare))
    return float(np.percentile(np.abs(np.diff(pixels, axis=1)), 100 - 3 / rare)) / max(1.0, float(light - dark))
