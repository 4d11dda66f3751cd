"""A picture in, its MRZ out: locate, straighten, recognise, settle; looked at again where that left doubts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .absence import why_absent
from .alignment import trim
from .apart import seen_apart
from .belief import agrees, doubtful, is_certain, rivalled
from .blocks import flipped
from .decode import decode
from .fitting import Seen, fit, fittings
from .locate import find_blocks
from .pitch import peaks
from .reading import MrzReading
from .recogniser import recognise
from .refine import refine
from .sighting import Sighting
from .strips import cut_strip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cari_imaging import Image

    from .blocks import Block
    from .lines import Gray
    from .pitch import Grid

METHOD, METHOD_AGAIN = "cari", "cari:looked_again"
PAIR, TRIPLE = 2, 3
LOOKS = ((1.12, 0.0), (0.9, 0.0), (1.0, 0.08), (1.0, -0.08))  # taller and shorter, lower and higher
MORE = 5.0  # heights of a letter, by which a line is lengthened that may go on
FURTHER = 6  # blocks that are tried after one that can be read
WORSE = 0.1  # nats of a sighting's score that many looks may cost: they are less sure of what they agree on


def read(image: Image) -> MrzReading:
    """Read the MRZ of an upright RGB picture (H×W×3 uint8), or say why there is none to be read."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    tried: list[Block] = []
    seen = list(_sightings(gray, tried))
    return _reading(_best(seen)) if seen else MrzReading(decoded=None, reason=why_absent(gray, tried))


def _best(seen: Sequence[Sighting]) -> Sighting:
    """Choose the likeliest sighting, or one that says the same without a doubt."""
    best = max(seen, key=lambda each: each.score)
    alike = (each for each in seen if each.decoded.mrz.lines == best.decoded.mrz.lines)
    return max(alike, key=lambda each: (is_certain(each.decoded), each.score))


def _sightings(gray: Gray, tried: list[Block]) -> Iterator[Sighting]:
    """Read block after block until one leaves no doubt, or some more after one that can be read; list those tried.

    The likeliest block may be of fragments: what lies beside them was another's, or is read as a shorter layout.
    """
    left = None
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
        if left is None and any(_is_settled(each) or each.decoded.mrz.checks_pass for each in found):
            left = FURTHER
        elif left is not None:
            left -= 1
        if left == 0:
            return


def _is_settled(sighting: Sighting) -> bool:
    """Say whether a closer look would change nothing: every character is sure, however they add up."""
    return not doubtful(sighting.decoded)


def _see(gray: Gray, block: Block) -> Sighting | None:
    """Read the lines of a block, or some that stand together in it, as what they are likeliest to be."""
    seen = _seen(gray, block)
    before, after = (max((each.runs_on(end) for each in seen), default=False) for end in (0, -1))
    if before or after:
        seen = _seen(
            gray, tuple(line.extended(MORE * line.height * before, MORE * line.height * after) for line in block)
        )
    found = []
    for fitting in fittings(seen):
        sighting = fitting.sighting()
        if sighting and sighting.is_mrz:
            found.append(sighting)
            if agrees(sighting.decoded):
                break
    return max(found, key=lambda each: each.score, default=None)


def _seen(gray: Gray, lines: Block, *, tall: float = 1.0, down: float = 0.0) -> list[Seen]:
    shares = recognise([cut_strip(gray, line, tall=tall, down=down) for line in lines])
    return [Seen(line, share, peaks(share)) for line, share in zip(lines, shares, strict=True)]


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
    apart = _look_apart(gray, first)
    if _is_settled(apart):
        return apart
    closer = _see(gray, tuple(trim(line, grid) for line, grid in zip(first.lines, first.grids, strict=True)))
    if closer and closer.score >= first.score:
        first, apart = closer, _look_apart(gray, closer)
    return apart if _is_settled(apart) else _look_apart(gray, _look_again(gray, first))


def _look_apart(gray: Gray, first: Sighting) -> Sighting:
    """Look at characters that no check digit could tell from others without the characters beside them."""
    cells = rivalled(first.decoded)
    if not cells:
        return first
    letters = seen_apart(gray, first.lines, first.grids, first.seen, cells)
    decoded = decode(letters, letter_px=first.decoded.letter_px)
    return replace(first, seen=letters, decoded=decoded) if decoded else first


def _look_again(gray: Gray, first: Sighting) -> Sighting:
    """Cut the lines out anew, each time a little differently, and take the mean of what is seen."""
    looks = [first.seen]
    widths = tuple(len(line) for line in first.decoded.mrz.lines)
    for tall, down in LOOKS:
        fits = fit(_seen(gray, first.lines, tall=tall, down=down), widths)
        if fits:
            nearest = min(fits, key=lambda chosen: _apart(chosen, first.grids))
            looks.append(tuple(grid.letters for grid in nearest))
    means = [np.exp(np.mean([np.log(look[i]) for look in looks], axis=0)) for i in range(len(widths))]
    letters = tuple(mean / mean.sum(axis=1, keepdims=True) for mean in means)
    decoded = decode(letters, letter_px=first.decoded.letter_px)
    again = Sighting(letters, decoded, first.lines, first.grids, len(looks)) if decoded else first
    return again if again.score >= first.score - WORSE else first


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
