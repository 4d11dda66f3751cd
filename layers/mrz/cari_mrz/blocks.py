"""Which lines of print stand together as the lines of an MRZ do."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from .lines import TextLine

if TYPE_CHECKING:
    from collections.abc import Sequence

Block: TypeAlias = tuple[TextLine, ...]
"""Lines that may be those of one MRZ, the upper first as they lie in the picture."""

# Of two neighbouring lines of an MRZ, with room for what blur and tilt do to them:
MIN_COSINE = 0.98  # they run the same way
LENGTH_RATIO = (0.75, 1.33)  # they are about as long: fillers print as dark as letters
PITCH_IN_HEIGHTS = (1.15, 3.6)  # from middle to middle; 9303 prints 2.4 mm letters every 5.3 to 6.4 mm
MAX_SHIFT = 0.14  # of their length, sideways

MAX_BLOCKS = 12  # a page of print has dozens; an MRZ is among the longest


def find_blocks(lines: Sequence[TextLine]) -> list[Block]:
    """Group lines into stacks of three and of two, top line first, the longest stacks first."""
    below = {i: [j for j in range(len(lines)) if j != i and _follows(lines[i], lines[j])] for i in range(len(lines))}
    pairs = [(i, j) for i in below for j in below[i]]
    triples = [(i, j, k) for i, j in pairs for k in below[j] if k != i]
    blocks = [tuple(lines[i] for i in chain) for chain in (*triples, *pairs)]
    blocks.sort(key=lambda block: -sum(line.length / line.height for line in block) / len(block))
    return blocks[:MAX_BLOCKS]


def _follows(upper: TextLine, lower: TextLine) -> bool:
    """Say whether lower stands where the next line of an MRZ would."""
    if float(upper.direction @ lower.direction) < MIN_COSINE:
        return False
    if not LENGTH_RATIO[0] < upper.length / lower.length < LENGTH_RATIO[1]:
        return False
    step = lower.center - upper.center
    down = np.array([-upper.direction[1], upper.direction[0]])
    pitch = float(step @ down) / ((upper.height + lower.height) / 2)
    shift = abs(float(step @ upper.direction)) / upper.length
    return PITCH_IN_HEIGHTS[0] < pitch < PITCH_IN_HEIGHTS[1] and shift < MAX_SHIFT
