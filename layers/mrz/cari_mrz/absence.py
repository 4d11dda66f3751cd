"""Why no MRZ could be read in a picture, so that the caller can ask for a better one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .reading import Reason
from .strips import STRIP_HEIGHT_PX, Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .blocks import Block
    from .text_line import Floats, Gray, TextLine

MIN_LONG_SIDE_PX = 200  # 44 letters in fewer pixels cannot be told from each other
MIN_LETTER_PX = 4.0
DARK_GRAY_LEVEL = 40  # 0..255; the brightest tenth of a dark picture is no brighter
GLARE_GRAY_LEVEL = 250  # 0..255
MAX_GLARE_SHARE = 0.3  # of a line's pixels; with more it is lost in glare
# The steepest steps from pixel to pixel, letters 16 pixels high, in units of the print's contrast: on 39 specimens
# 0.3 to 0.7; blurred until they could just be read still, 0.1.
MIN_STEEPNESS = 0.1
EDGE_MARGIN_LETTERS = 0.6  # a line that ends nearer to the picture's edge, in letter heights, is cut
SHARPNESS_LONG_SIDE_PX = 640  # at which a whole picture's sharpness is measured


def why_absent(gray: Gray, blocks: Sequence[Block]) -> Reason:
    """Give the likeliest reason why nothing could be read in these blocks, or why there are none."""
    if max(gray.shape) < MIN_LONG_SIDE_PX:
        return Reason.TOO_SMALL
    if float(np.percentile(gray, 90)) < DARK_GRAY_LEVEL:
        return Reason.TOO_DARK
    if not blocks:
        return Reason.BLURRED if _is_blurred(gray) else Reason.NO_MRZ
    return _why_unread(gray, blocks[0])


def _why_unread(gray: Gray, block: Block) -> Reason:
    """Say why the likeliest block of lines could not be read."""
    strips = [np.asarray(Frame.of(line, height=STRIP_HEIGHT_PX).cut(gray), np.float32) for line in block]
    if np.mean([line.height for line in block]) < MIN_LETTER_PX:
        return Reason.TOO_SMALL
    if any(_is_cut(line, gray.shape) for line in block):
        return Reason.CROPPED
    if (
        max(float((strip >= GLARE_GRAY_LEVEL).mean()) for strip in strips) > MAX_GLARE_SHARE
        and min(float(np.ptp(strip)) for strip in strips) > GLARE_GRAY_LEVEL / 2
    ):
        return Reason.GLARE
    if max(_steepness(strip) for strip in strips) < MIN_STEEPNESS:
        return Reason.BLURRED
    return Reason.NO_MRZ


def _is_cut(line: TextLine, shape: tuple[int, ...]) -> bool:
    """Say whether a line ends at the picture's edge."""
    height, width = shape[:2]
    margin = EDGE_MARGIN_LETTERS * line.height
    ends = np.array([(line.corners[0] + line.corners[3]) / 2, (line.corners[1] + line.corners[2]) / 2])
    return bool((ends < margin).any() or (ends > np.array([width, height]) - margin).any())


def _is_blurred(gray: Gray) -> bool:
    scale = min(1.0, SHARPNESS_LONG_SIDE_PX / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _steepness(np.asarray(small, np.float32), rare=10) < MIN_STEEPNESS


def _steepness(pixels: Floats, rare: float = 1) -> float:
    """Measure the steepest steps along rows of grey levels (H×W), in units of the contrast.

    `rare` is how many times less print there is than in a line: the percentiles move accordingly.
    """
    dark, light = np.percentile(pixels, (5 / rare, 100 - 5 / rare))
    return float(np.percentile(np.abs(np.diff(pixels, axis=1)), 100 - 3 / rare)) / max(1.0, float(light - dark))
