"""Group lines of print that stand together as the lines of an MRZ do."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from .text_line import TextLine

if TYPE_CHECKING:
    from collections.abc import Sequence

Block: TypeAlias = tuple[TextLine, ...]
"""Lines that may be those of one MRZ, in the order in which they are read."""

# Of two neighbouring lines of an MRZ, with a margin for blur and tilt:
MIN_COSINE = 0.97  # they run the same way
HEIGHT_RATIO_RANGE = (0.6, 1.6)
# Letter heights from middle to middle: ICAO 9303 prints letters of 2.4 mm every 5.3 to 6.4 mm.
LINE_PITCH_LETTERS = (1.1, 3.8)
MIN_OVERLAP = 0.6  # share of the shorter line that lies along the other
MIN_LENGTH_LETTERS = 14.0  # letter heights, of the longest line in a block
MAX_BLOCKS = 6


def stack(lines: Sequence[TextLine], *, min_length: float = MIN_LENGTH_LETTERS) -> list[Block]:
    """Chain each line to the next below it, read the way that most of a chain is; the longest chains first.

    The lines given run alike: all to the right, or all down where they are steep. Blocks whose longest line is
    shorter than min_length, in letter heights, are left out.
    """
    below = {i: _next(i, lines) for i in range(len(lines))}
    starts = set(range(len(lines))) - set(below.values())
    blocks = []
    for start in starts:
        chain, at = [start], below[start]
        while at is not None and at not in chain:
            chain.append(at)
            at = below[at]
        blocks.append(_turned(tuple(lines[i] for i in chain)))
    long = [block for block in blocks if max(line.length / line.height for line in block) > min_length]
    return sorted(long, key=_total_length, reverse=True)[:MAX_BLOCKS]


def flipped(block: Block) -> Block:
    """Give a block as it is read the other way up."""
    return tuple(line.flipped for line in reversed(block))


def _turned(block: Block) -> Block:
    return block if sum(line.orientation * line.length for line in block) >= 0 else flipped(block)


def _total_length(block: Block) -> float:
    return sum(min(60.0, line.length / line.height) for line in block)


def _next(i: int, lines: Sequence[TextLine]) -> int | None:
    """Find the nearest line that stands where the next line of an MRZ would."""
    upper = lines[i]
    pitches = {j: _pitch(upper, lower) for j, lower in enumerate(lines) if j != i and _may_follow(upper, lower)}
    fitting = {j: pitch for j, pitch in pitches.items() if LINE_PITCH_LETTERS[0] < pitch < LINE_PITCH_LETTERS[1]}
    return min(fitting, key=lambda j: fitting[j], default=None)


def _may_follow(upper: TextLine, lower: TextLine) -> bool:
    if float(upper.direction @ lower.direction) < MIN_COSINE:
        return False
    if not HEIGHT_RATIO_RANGE[0] < upper.height / lower.height < HEIGHT_RATIO_RANGE[1]:
        return False
    offset = abs(float((lower.center - upper.center) @ upper.direction))
    overlap = (upper.length + lower.length) / 2 - offset
    return overlap > MIN_OVERLAP * min(upper.length, lower.length)


def _pitch(upper: TextLine, lower: TextLine) -> float:
    down = np.array([-upper.direction[1], upper.direction[0]])
    return float((lower.center - upper.center) @ down) / ((upper.height + lower.height) / 2)
