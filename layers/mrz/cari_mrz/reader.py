"""Read the MRZ of a picture: locate lines, recognise, decode; recognise again where characters are in doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from . import bands, recogniser
from .absence import why_absent
from .acceptance import cells_with_rivals, doubtful, is_certain, is_certain_but_for_rivals
from .alignment import trim
from .blocks import flipped
from .decode import decode
from .detection import Detection
from .fitting import RecognisedLine, fit, fittings
from .locate import find_blocks
from .pitch import peaks
from .reading import MrzReading
from .recogniser import recognise
from .refine import refine
from .shuffled_cells import reread_shuffled
from .strips import cut_strip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cari_imaging import Image

    from .blocks import Block
    from .pitch import Grid
    from .text_line import Gray

METHOD, METHOD_READ_AGAIN = "cari", "cari:looked_again"
TWO_LINES, THREE_LINES = 2, 3
# Height scale and downward shift (letter heights) with which a line is cut out again.
CUT_VARIANTS = ((1.12, 0.0), (0.9, 0.0), (1.0, 0.08), (1.0, -0.08))
EXTENSION_LETTERS = 5.0  # letter heights by which a line is lengthened when its end may be cut
EXTRA_BLOCKS = 6  # blocks that are tried after one that can be read
MAX_SCORE_LOSS_NATS = 0.1  # that the mean of several readings may cost: it is less sure of what they agree on


def load() -> None:
    """Load both networks, which the first reading does otherwise."""
    bands.network()
    recogniser.network()


def read(image: Image) -> MrzReading:
    """Read the MRZ of an upright RGB picture (H×W×3 uint8), or say why there is none to be read."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    tried: list[Block] = []
    detections = list(_detections(gray, tried))
    if not detections:
        return MrzReading(decoded=None, reason=why_absent(gray, tried))
    return _reading(_best(detections))


def _best(detections: Sequence[Detection]) -> Detection:
    """Choose the detection with the highest score, or one that reads the same without a doubt."""
    best = max(detections, key=lambda each: each.score)
    alike = (each for each in detections if each.decoded.mrz.lines == best.decoded.mrz.lines)
    return max(alike, key=lambda each: (is_certain(each.decoded), each.score))


def _detections(gray: Gray, tried: list[Block]) -> Iterator[Detection]:
    """Read block after block until one leaves no doubt, or some more after one that can be read; add each to `tried`.

    The likeliest block may be of fragments: some of its line belongs to another block, or it reads as a shorter layout.
    """
    blocks_left = None
    for block in find_blocks(gray):
        tried.append(block)
        found = []
        for refined in (False, True):
            lines = refine(gray, block) if refined else block
            first = _detect(gray, lines) or _detect(gray, flipped(lines)) or _detect_with_third_line(gray, lines)
            if first:
                found.append(first if _is_settled(first) else _reread(gray, first))
            if found and is_certain(found[-1].decoded):
                yield found[-1]
                return
        yield from found
        if blocks_left is None and any(_is_settled(each) or each.decoded.mrz.checks_pass for each in found):
            blocks_left = EXTRA_BLOCKS
        elif blocks_left is not None:
            blocks_left -= 1
        if blocks_left == 0:
            return


def _is_settled(detection: Detection) -> bool:
    """Say whether reading again would change nothing: every character is sure, whether check digits hold or not."""
    return not doubtful(detection.decoded)


def _detect(gray: Gray, block: Block) -> Detection | None:
    """Read the lines of a block, or some neighbours among them, as the layout that they are likeliest to be."""
    lines = _recognised(gray, block)
    before, after = (max((line.may_be_cut(end) for line in lines), default=False) for end in (0, -1))
    if before or after:
        extended = [
            line.extended(EXTENSION_LETTERS * line.height * before, EXTENSION_LETTERS * line.height * after)
            for line in block
        ]
        lines = _recognised(gray, tuple(extended))
    found = []
    for fitting in fittings(lines):
        detection = fitting.detection()
        if detection and detection.is_mrz:
            found.append(detection)
            if is_certain_but_for_rivals(detection.decoded):
                break
    return max(found, key=lambda each: each.score, default=None)


def _recognised(
    gray: Gray, lines: Block, *, height_scale: float = 1.0, shift_letters: float = 0.0
) -> list[RecognisedLine]:
    strips = [cut_strip(gray, line, height_scale=height_scale, shift_letters=shift_letters) for line in lines]
    return [RecognisedLine(line, each, peaks(each)) for line, each in zip(lines, recognise(strips), strict=True)]


def _detect_with_third_line(gray: Gray, block: Block) -> Detection | None:
    """Look for a third line above or below two: short ones and those on a busy background are easily missed."""
    if len(block) != TWO_LINES:
        return None
    step = block[1].center - block[0].center
    above, below = block[0].moved(block[0].corners - step), block[1].moved(block[1].corners + step)
    found = [_detect(gray, lines) for lines in ((above, *block), (*block, below))]
    complete = (each for each in found if each and len(each.lines) == THREE_LINES)
    return max(complete, key=lambda each: each.score, default=None)


def _reread(gray: Gray, first: Detection) -> Detection:
    """Read a detection again, now that it is known where its letters stand: the cheapest way first."""
    shuffled = _reread_rivals(gray, first)
    if _is_settled(shuffled):
        return shuffled
    trimmed = _detect(gray, tuple(trim(line, grid) for line, grid in zip(first.lines, first.grids, strict=True)))
    if trimmed and trimmed.score >= first.score:
        first, shuffled = trimmed, _reread_rivals(gray, trimmed)
    return shuffled if _is_settled(shuffled) else _reread_rivals(gray, _reread_cut_variants(gray, first))


def _reread_rivals(gray: Gray, first: Detection) -> Detection:
    """Read characters that no check digit could tell from others again, without the characters beside them."""
    cells = cells_with_rivals(first.decoded)
    if not cells:
        return first
    observed = reread_shuffled(gray, first.lines, first.grids, first.observed, cells)
    decoded = decode(observed, letter_px=first.decoded.letter_px)
    return replace(first, observed=observed, decoded=decoded) if decoded else first


def _reread_cut_variants(gray: Gray, first: Detection) -> Detection:
    """Cut the lines out anew, each time a little differently, and take the mean of what is recognised."""
    readings = [first.observed]
    widths = tuple(len(line) for line in first.decoded.mrz.lines)
    for height_scale, shift_letters in CUT_VARIANTS:
        fits = fit(_recognised(gray, first.lines, height_scale=height_scale, shift_letters=shift_letters), widths)
        if fits:
            nearest = min(fits, key=lambda chosen: _distance_columns(chosen, first.grids))
            readings.append(tuple(grid.probabilities for grid in nearest))
    means = [np.exp(np.mean([np.log(reading[i]) for reading in readings], axis=0)) for i in range(len(widths))]
    observed = tuple(mean / mean.sum(axis=1, keepdims=True) for mean in means)
    decoded = decode(observed, letter_px=first.decoded.letter_px)
    again = Detection(observed, decoded, first.lines, first.grids, len(readings)) if decoded else first
    return again if again.score >= first.score - MAX_SCORE_LOSS_NATS else first


def _distance_columns(one: tuple[Grid, ...], other: tuple[Grid, ...]) -> float:
    """Say how far the first cells of two choices of grids are from each other, in columns, over all lines."""
    return sum(abs(float(a.middles[0] - b.middles[0])) for a, b in zip(one, other, strict=True))


def _reading(detection: Detection) -> MrzReading:
    trimmed = [trim(line, grid) for line, grid in zip(detection.lines, detection.grids, strict=True)]
    return MrzReading.of(
        detection.decoded,
        method=METHOD if detection.reading_count == 1 else METHOD_READ_AGAIN,
        corners=tuple(tuple((float(x), float(y)) for x, y in line.corners) for line in trimmed),
        observed=detection.observed,
    )
