"""Find the barcode of a picture: view after view of it is scanned, the cheapest first, until a PDF417 is readable."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_barcode.guards import has_guard
from cari_barcode.locate import locate
from cari_barcode.scan import PDF417, scan_others, scan_pdf417
from cari_barcode.symbol import Symbol
from cari_barcode.view import evened, sharpened, squared, straightened, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from cari_barcode.locate import Candidate
    from cari_barcode.view import View
    from cari_imaging import Image

TIME_BUDGET_S = 0.5  # after which no further view is scanned; one scan of 12 megapixels takes about 0.1 s
_LONG_SIDE_PX = 1600  # a licence that fills its picture has modules of 3 pixels then
_LOCATE_LONG_SIDE_PX = 1000
_CANDIDATE_WIDTHS_PX = (1100, 1600)  # of a straightened candidate, about 4 and 6 pixels a module
_SLIGHT_TURNS_DEG = (-2.0, 2.0)


def decode(image: Image, *, time_budget_s: float = TIME_BUDGET_S) -> Symbol | None:
    """Find the barcode of a picture (upright RGB, H×W×3 uint8), turned, mirrored, small or large.

    A readable PDF417 is preferred to a damaged one, and that to any other barcode. None where there is none.
    """
    deadline = time.monotonic() + time_budget_s
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    overview = whole(gray, min(max(gray.shape), _LONG_SIDE_PX))
    found = _best([overview], deadline)
    if found and not found.is_damaged:
        return found
    candidates = _candidates(gray)
    found = _best(_views(gray, candidates), deadline) or found
    if found is None:
        found = _damaged_beyond_scanning(gray, candidates)
    return found or next(map(overview.symbol_in_picture, scan_others(overview.gray)), None)


def _best(views: Iterable[View], deadline: float) -> Symbol | None:
    """Give the first symbol that is readable, otherwise the first at all; no view is scanned when time is up."""
    damaged: Symbol | None = None
    for view in views:
        for symbol in map(view.symbol_in_picture, scan_pdf417(view.gray)):
            if not symbol.is_damaged:
                return symbol
            damaged = damaged or symbol
        if time.monotonic() > deadline:
            break
    return damaged


def _views(gray: NDArray[np.uint8], candidates: list[Candidate]) -> Iterator[View]:
    for width in _CANDIDATE_WIDTHS_PX:
        for candidate in candidates:
            yield straightened(gray, candidate, width=width)
            yield squared(gray, candidate, width=width)
    for candidate in candidates:
        yield sharpened(squared(gray, candidate, width=_CANDIDATE_WIDTHS_PX[0]))
        yield evened(squared(gray, candidate, width=_CANDIDATE_WIDTHS_PX[0]))
        for turn in _SLIGHT_TURNS_DEG:
            yield straightened(gray, candidate, width=_CANDIDATE_WIDTHS_PX[0], turn=turn)
    longest = max(gray.shape)
    if longest != _LONG_SIDE_PX:
        yield whole(gray, max(longest, _LONG_SIDE_PX))


def _damaged_beyond_scanning(gray: NDArray[np.uint8], candidates: list[Candidate]) -> Symbol | None:
    """Find a symbol that has lost so much, mostly one of its ends, that the scanner finds none."""
    for candidate in candidates:
        if has_guard(squared(gray, candidate, width=_CANDIDATE_WIDTHS_PX[0]).gray):
            return Symbol(PDF417, None, tuple((float(x), float(y)) for x, y in candidate.corners))
    return None


def _candidates(gray: NDArray[np.uint8]) -> list[Candidate]:
    small = whole(gray, min(max(gray.shape), _LOCATE_LONG_SIDE_PX))
    scale = float(small.matrix[0, 0])
    return [candidate.scaled(1 / scale) for candidate in locate(small.gray)]
