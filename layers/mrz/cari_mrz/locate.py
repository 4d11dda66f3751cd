"""(stand-in) classical location, four ways up."""

from __future__ import annotations

import cv2
import numpy as np

from .blocks import find_blocks as _stacks
from .lines import find_lines


def find_blocks(gray):
    out = []
    for turned in (False, True):
        p = cv2.rotate(gray, cv2.ROTATE_90_CLOCKWISE) if turned else gray
        lines = find_lines(p)
        if turned:
            h = gray.shape[0]
            lines = [l.moved(np.stack([l.corners[:, 1], h - 1 - l.corners[:, 0]], 1).astype(np.float32)) for l in lines]
        for flip in (False, True):
            these = [l.moved(l.corners[[2, 3, 0, 1]]) for l in lines] if flip else lines
            out += _stacks(these)[:4]
    return out
