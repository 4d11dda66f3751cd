"""A picture in, its MRZ out: locate, straighten, recognise, settle; looked at again where that left doubts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .absence import why_absent
from .alignment import align, trim
from .belief import is_certain
from .decode import decode
from .layouts import LAYOUTS
from .locate import find_blocks
from .pitch import grids, peaks
from .reading import MrzReading
from .recogniser import recognise
from .refine import refine
from .sighting import Sighting
from .strips import cut_strip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cari_imaging import Image

    from .blocks import Block
    from .lines import Floats, Gray, TextLine
    from .pitch import Grid, Peak

METHOD, METHOD_AGAIN = "cari", "cari:looked_again"
LEAST_MEAN_SHARE = 0.5  # of the letters seen in a line that may be an MRZ's
SHAPES = sorted({layout.widths for layout in LAYOUTS}, reverse=True)
PAIR, TRIPLE = 2, 3
LOOKS = ((1.12, 0.0), (0.9, 0.0), (1.0, 0.08), (1.0, -0.08))  # taller and shorter, lower and higher
WORSE = 0.1  # of a sighting's score, which many looks may cost: they are less sure of what they agree on


def read(image: Image) -> MrzReading:
    """Read the MRZ of an upright RGB picture (H×W×3 uint8), or say why there is none to be read."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    blocks = find_blocks(gray)
    best = max(_sightings(gray, blocks), key=lambda sighting: sighting.score, default=None)
    if best is None:
        return MrzReading(decoded=None, reason=why_absent(gray, blocks))
    return _reading(best)


def _sightings(gray: Gray, blocks: Sequence[Block]) -> Iterator[Sighting]:
    """Read block after block until one leaves no doubt."""
    for block in blocks:
        fitted = tuple(refine(gray, line) for line in block)
        first = _see(gray, fitted) or _see_beside(gray, fitted)
        if first:
            best = first if is_certain(first.decoded) else _look_again(gray, first)
            yield best
            if is_certain(best.decoded):
                return


def _see(gray: Gray, block: Block) -> Sighting | None:
    """Read the lines of a block, or some that stand together in it, as what they are likeliest to be."""
    shares = recognise([cut_strip(gray, line) for line in block])
    seen = [_Seen(line, share, peaks(share)) for line, share in zip(block, shares, strict=True)]
    found = [
        sighting
        for widths in SHAPES
        for first in range(len(seen) - len(widths) + 1)
        if (sighting := _sighting(seen[first : first + len(widths)], widths)) and sighting.is_mrz
    ]
    return max(found, key=lambda each: each.score, default=None)


def _see_beside(gray: Gray, block: Block) -> Sighting | None:
    """Look for a third line above or below two: short ones and those on a busy background are easily missed."""
    if len(block) != PAIR:
        return None
    step = block[1].center - block[0].center
    above, below = block[0].moved(block[0].corners - step), block[1].moved(block[1].corners + step)
    found = [_see(gray, lines) for lines in ((above, *block), (*block, below))]
    whole = (each for each in found if each and len(each.lines) == TRIPLE)
    return max(whole, key=lambda each: each.score, default=None)


def _look_again(gray: Gray, first: Sighting) -> Sighting:
    """Cut the lines out anew, each time a little differently, and take the mean of what is seen."""
    looks = [first.seen]
    widths = tuple(len(line) for line in first.decoded.mrz.lines)
    for tall, down in LOOKS:
        shares = recognise([cut_strip(gray, line, tall=tall, down=down) for line in first.lines])
        seen = [_Seen(line, share, peaks(share)) for line, share in zip(first.lines, shares, strict=True)]
        chosen = _fit(seen, widths)
        if chosen:
            looks.append(tuple(grid.letters for grid in chosen))
    means = [np.exp(np.mean([np.log(look[i]) for look in looks], axis=0)) for i in range(len(widths))]
    letters = tuple(mean / mean.sum(axis=1, keepdims=True) for mean in means)
    decoded = decode(letters)
    again = Sighting(letters, decoded, first.lines, first.grids, len(looks)) if decoded else first
    return again if again.score >= first.score - WORSE else first


@dataclass(frozen=True)
class _Seen:
    """A line, the net's answer for it, and the letters in that."""

    line: TextLine
    shares: Floats
    peaks: list[Peak]


def _sighting(seen: Sequence[_Seen], widths: tuple[int, ...]) -> Sighting | None:
    """Read lines as having so many characters each."""
    chosen = _fit(seen, widths)
    letters = tuple(grid.letters for grid in chosen)
    decoded = decode(letters) if chosen else None
    return Sighting(letters, decoded, tuple(each.line for each in seen), chosen, looks=1) if decoded else None


def _fit(seen: Sequence[_Seen], widths: tuple[int, ...]) -> tuple[Grid, ...]:
    """Lay a grid of so many cells over each line; none where one does not fit."""
    fits = []
    for each, width in zip(seen, widths, strict=True):
        if not each.peaks or np.mean([peak.share for peak in each.peaks]) < LEAST_MEAN_SHARE:
            return ()
        fits.append(grids(each.shares, each.peaks, width))
    return align([each.line for each in seen], fits) if all(fits) else ()


def _reading(sighting: Sighting) -> MrzReading:
    trimmed = [trim(line, grid) for line, grid in zip(sighting.lines, sighting.grids, strict=True)]
    return MrzReading.of(
        sighting.decoded,
        method=METHOD if sighting.looks == 1 else METHOD_AGAIN,
        corners=tuple(tuple((float(x), float(y)) for x, y in line.corners) for line in trimmed),
        seen=sighting.seen,
    )
