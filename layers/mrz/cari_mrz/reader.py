"""A picture in, its MRZ out: locate, straighten, recognise, settle; looked at again where that left doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .absence import why_absent
from .alignment import align, trim
from .belief import is_certain
from .decode import decode
from .locate import find_blocks
from .pitch import grids, peaks
from .reading import MrzReading
from .recogniser import recognise
from .sighting import Sighting
from .strips import cut_strip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cari_imaging import Image

    from .lines import Floats, Gray, TextLine
    from .pitch import Grid

METHOD, METHOD_AGAIN = "cari", "cari:looked_again"
FEWEST_PEAKS = 22  # letters seen in a line that may be an MRZ's
LEAST_MEAN_SHARE = 0.5  # of those
WIDTHS = {3: (30,), 2: (44, 36)}
LOOKS = ((1.12, 0.0), (0.9, 0.0), (1.0, 0.08), (1.0, -0.08))  # taller and shorter, lower and higher
WORSE = 0.1  # of a sighting's score, which many looks may cost: they are less sure of what they agree on


def read(image: Image) -> MrzReading:
    """Read the MRZ of an upright RGB picture (H×W×3 uint8), or say why there is none to be read."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    blocks = find_blocks(gray)
    best = max(_sightings(gray, blocks), key=lambda sighting: sighting.score, default=None)
    if best is None or not best.is_mrz:
        return MrzReading(decoded=None, reason=why_absent(gray, blocks))
    return _reading(best)


def _sightings(gray: Gray, blocks: Sequence[tuple[TextLine, ...]]) -> Iterator[Sighting]:
    """Read block after block until one leaves no doubt."""
    for block in blocks:
        sighting = _see(gray, block)
        if sighting and sighting.is_mrz and not is_certain(sighting.decoded):
            sighting = _look_again(gray, sighting)
        if sighting:
            yield sighting
            if is_certain(sighting.decoded):
                return


def _see(gray: Gray, lines: tuple[TextLine, ...]) -> Sighting | None:
    """Read lines in the layout whose grid they fit best."""
    shares = recognise([cut_strip(gray, line) for line in lines])
    fits = ((width, _fit(lines, shares, width)) for width in WIDTHS.get(len(lines), ()))
    sightings = [_sighting(lines, chosen, [chosen]) for _, chosen in fits if chosen]
    return max((each for each in sightings if each), key=lambda each: each.score, default=None)


def _fit(lines: Sequence[TextLine], shares: Sequence[Floats], width: int) -> tuple[Grid, ...] | None:
    """Lay the grid of so many cells over each line."""
    fits = []
    for share in shares:
        seen = peaks(share)
        if len(seen) < FEWEST_PEAKS or np.mean([peak.share for peak in seen]) < LEAST_MEAN_SHARE:
            return None
        fits.append(grids(share, seen, width))
    return align(lines, fits) if all(fits) else None


def _look_again(gray: Gray, first: Sighting) -> Sighting:
    """Cut the lines out anew, each time a little differently, and take the mean of what is seen."""
    lines, width = first.lines, len(first.decoded.mrz.lines[0])
    looks = [
        _fit(lines, recognise([cut_strip(gray, line, tall=tall, down=down) for line in lines]), width)
        for tall, down in ((1.0, 0.0), *LOOKS)
    ]
    again = _sighting(lines, first.grids, [look for look in looks if look])
    return again if again and again.score >= first.score - WORSE else first


def _sighting(
    lines: tuple[TextLine, ...], chosen: tuple[Grid, ...], looks: Sequence[tuple[Grid, ...]]
) -> Sighting | None:
    """Decode the geometric mean of what was seen in each look."""
    means = [np.exp(np.mean([np.log(look[i].letters) for look in looks], axis=0)) for i in range(len(lines))]
    seen = tuple(mean / mean.sum(axis=1, keepdims=True) for mean in means)
    decoded = decode(seen)
    return Sighting(seen, decoded, lines, chosen, len(looks)) if decoded else None


def _reading(sighting: Sighting) -> MrzReading:
    trimmed = [trim(line, grid) for line, grid in zip(sighting.lines, sighting.grids, strict=True)]
    return MrzReading.of(
        sighting.decoded,
        method=METHOD if sighting.looks == 1 else METHOD_AGAIN,
        corners=tuple(tuple((float(x), float(y)) for x, y in line.corners) for line in trimmed),
        seen=sighting.seen,
    )
