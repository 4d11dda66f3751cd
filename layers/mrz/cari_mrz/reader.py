"""A picture in, its MRZ out: locate, straighten, recognise, settle; looked at again where that left doubts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .absence import why_absent
from .alignment import align, trim
from .belief import doubtful, is_certain
from .blocks import flipped
from .decode import decode
from .layouts import LAYOUTS
from .locate import find_blocks
from .pitch import grids, peaks
from .reading import MrzReading
from .recogniser import STRIDE, recognise
from .refine import refine
from .sighting import Sighting
from .strips import LETTER_PX, cut_strip

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
FEWEST_LETTERS, MOST_LETTERS = 12, 48  # of a line that may go on beyond where it was marked ...
MORE = 5.0  # ... by so many heights of its letters
MOST_FITTINGS = 8
ABOUT = 3  # letters seen more or fewer than a line has
WORTH_LESS = 0.08  # than the best: what fits so much worse is not read
WORSE = 0.1  # nats of a sighting's score that many looks may cost: they are less sure of what they agree on


def read(image: Image) -> MrzReading:
    """Read the MRZ of an upright RGB picture (H×W×3 uint8), or say why there is none to be read."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    tried: list[Block] = []
    best = max(_sightings(gray, tried), key=lambda sighting: sighting.score, default=None)
    return _reading(best) if best else MrzReading(decoded=None, reason=why_absent(gray, tried))


def _sightings(gray: Gray, tried: list[Block]) -> Iterator[Sighting]:
    """Read block after block until one reads well; list those that were tried."""
    for block in find_blocks(gray):
        tried.append(block)
        found = []
        for fitted in (False, True):
            lines = refine(gray, block) if fitted else block
            first = _see(gray, lines) or _see(gray, flipped(lines)) or _see_beside(gray, lines)
            if first:
                found.append(first if _is_settled(first) else _look_closer(gray, first))
            if found and is_certain(found[-1].decoded):
                yield found[-1]
                return
        yield from found
        if any(_is_settled(each) or each.decoded.mrz.checks_pass for each in found):
            return


def _is_settled(sighting: Sighting) -> bool:
    """Say whether a closer look would change nothing: every character is sure, however they add up."""
    return not doubtful(sighting.decoded)


def _see(gray: Gray, block: Block) -> Sighting | None:
    """Read the lines of a block, or some that stand together in it, as what they are likeliest to be."""
    seen = _look(gray, block)
    before, after = (max((each.runs_on(end) for each in seen), default=False) for end in (0, -1))
    if before or after:
        seen = _look(
            gray, tuple(line.extended(MORE * line.height * before, MORE * line.height * after) for line in block)
        )
    found = []
    for fitting in _fittings(seen):
        sighting = fitting.sighting()
        if sighting and sighting.is_mrz:
            found.append(sighting)
            if is_certain(sighting.decoded):
                break
    return max(found, key=lambda each: each.score, default=None)


def _look(gray: Gray, lines: Block, *, tall: float = 1.0, down: float = 0.0) -> list[_Seen]:
    shares = recognise([cut_strip(gray, line, tall=tall, down=down) for line in lines])
    return [_Seen(line, share, peaks(share)) for line, share in zip(lines, shares, strict=True)]


def _see_beside(gray: Gray, block: Block) -> Sighting | None:
    """Look for a third line above or below two: short ones and those on a busy background are easily missed."""
    if len(block) != PAIR:
        return None
    step = block[1].center - block[0].center
    above, below = block[0].moved(block[0].corners - step), block[1].moved(block[1].corners + step)
    found = [_see(gray, lines) for lines in ((above, *block), (*block, below))]
    whole = (each for each in found if each and len(each.lines) == TRIPLE)
    return max(whole, key=lambda each: each.score, default=None)


def _look_closer(gray: Gray, first: Sighting) -> Sighting:
    """Look again at what was seen, now that it is known where its letters stand."""
    lines = tuple(trim(line, grid) for line, grid in zip(first.lines, first.grids, strict=True))
    closer = _see(gray, lines)
    best = closer if closer and closer.score >= first.score else first
    return best if _is_settled(best) else _look_again(gray, best)


def _look_again(gray: Gray, first: Sighting) -> Sighting:
    """Cut the lines out anew, each time a little differently, and take the mean of what is seen."""
    looks = [first.seen]
    widths = tuple(len(line) for line in first.decoded.mrz.lines)
    for tall, down in LOOKS:
        fits = _fits(_look(gray, first.lines, tall=tall, down=down), widths)
        if fits:
            nearest = min(fits, key=lambda chosen: _apart(chosen, first.grids))
            looks.append(tuple(grid.letters for grid in nearest))
    means = [np.exp(np.mean([np.log(look[i]) for look in looks], axis=0)) for i in range(len(widths))]
    letters = tuple(mean / mean.sum(axis=1, keepdims=True) for mean in means)
    decoded = decode(letters, letter_px=first.decoded.letter_px)
    again = Sighting(letters, decoded, first.lines, first.grids, len(looks)) if decoded else first
    return again if again.score >= first.score - WORSE else first


@dataclass(frozen=True, eq=False)
class _Seen:
    """A line, the net's answer for it, and the letters in that."""

    line: TextLine
    shares: Floats
    peaks: list[Peak]

    @property
    def is_print(self) -> bool:
        """Whether letters were seen, and mostly clearly."""
        return bool(self.peaks) and float(np.mean([peak.share for peak in self.peaks])) >= LEAST_MEAN_SHARE

    def runs_on(self, end: int) -> bool:
        """Say whether letters reach to the strip's start (0) or end (-1), so that there may be more of them."""
        if not FEWEST_LETTERS < len(self.peaks) < MOST_LETTERS:
            return False
        column = self.peaks[end].column
        return min(column, len(self.shares) - 1 - column) * STRIDE < LETTER_PX


@dataclass(frozen=True, eq=False)
class _Fitting:
    """Lines with one choice of grids for them."""

    lines: Block
    grids: tuple[Grid, ...]

    @property
    def worth(self) -> float:
        """How well the grids fit; more lines are worth more, for a part of them fits too."""
        return min(grid.fit for grid in self.grids) + 0.02 * len(self.lines)

    def sighting(self) -> Sighting | None:
        letters = tuple(grid.letters for grid in self.grids)
        decoded = decode(letters, letter_px=float(np.mean([line.height for line in self.lines])))
        return Sighting(letters, decoded, self.lines, self.grids, looks=1) if decoded else None


def _fittings(seen: Sequence[_Seen]) -> Iterator[_Fitting]:
    """Give lines that stand together with the grids of layouts that fit them; first of those with as many letters."""
    choices = [
        (seen[first : first + len(widths)], widths) for widths in SHAPES for first in range(len(seen) - len(widths) + 1)
    ]
    for alike in (True, False):
        yield from _best_fittings([choice for choice in choices if _counts_agree(*choice) == alike])


def _counts_agree(seen: Sequence[_Seen], widths: tuple[int, ...]) -> bool:
    return all(abs(len(each.peaks) - width) <= ABOUT for each, width in zip(seen, widths, strict=True))


def _best_fittings(choices: Sequence[tuple[Sequence[_Seen], tuple[int, ...]]]) -> Sequence[_Fitting]:
    found = [
        _Fitting(tuple(each.line for each in seen), chosen)
        for seen, widths in choices
        for chosen in _fits(seen, widths)
    ]
    best = max((each.worth for each in found), default=0.0)
    worthy = sorted((each for each in found if each.worth > best - WORTH_LESS), key=lambda each: -each.worth)
    return worthy[:MOST_FITTINGS]


def _fits(seen: Sequence[_Seen], widths: tuple[int, ...]) -> list[tuple[Grid, ...]]:
    """Lay a grid of so many cells over each line, in the ways that fit best; none where one does not fit."""
    fits = []
    for each, width in zip(seen, widths, strict=True):
        fitting = grids(each.shares, each.peaks, width) if each.is_print else []
        if not fitting:
            return []
        fits.append(fitting)
    return align([each.line for each in seen], fits)


def _apart(one: tuple[Grid, ...], other: tuple[Grid, ...]) -> float:
    """Say how far apart the first cells of two choices of grids are, in columns."""
    return sum(abs(float(a.middles[0] - b.middles[0])) for a, b in zip(one, other, strict=True))


def _reading(sighting: Sighting) -> MrzReading:
    trimmed = [trim(line, grid) for line, grid in zip(sighting.lines, sighting.grids, strict=True)]
    return MrzReading.of(
        sighting.decoded,
        method=METHOD if sighting.looks == 1 else METHOD_AGAIN,
        corners=tuple(tuple((float(x), float(y)) for x, y in line.corners) for line in trimmed),
        seen=sighting.seen,
    )
