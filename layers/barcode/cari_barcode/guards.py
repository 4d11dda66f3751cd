"""Recognise a PDF417 by its start or stop pattern, the same bars in every row, even where the rest is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_START_AND_STOP = ((8, 1, 1, 1, 1, 1, 1, 3), (7, 1, 1, 3, 1, 1, 1, 2, 1))  # ISO/IEC 15438: start and stop, a bar first
_ROWS = 48  # scanned, evenly over the picture's height
_MIN_ROWS = 10  # that must have the pattern at the same place
_MAX_WIDTH_ERROR_MODULES = 0.55  # of any one bar or space: blur widens bars by as much
_SAME_PLACE_MODULES = 2.5


def has_guard(gray: NDArray[np.uint8]) -> bool:
    """Tell whether a start or a stop pattern, mirrored or not, stands in many rows of a straight picture."""
    block = max(31, gray.shape[1] // 12) | 1
    dark = cv2.adaptiveThreshold(gray, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 12)
    rows = [_runs(dark[y]) for y in np.linspace(0, len(dark) - 1, _ROWS).astype(int)]
    return any(
        _is_in_enough_rows(
            [match for starts, lengths in rows for match in _matches(starts, lengths, np.array(pattern))]
        )
        for pattern in (*_START_AND_STOP, *(pattern[::-1] for pattern in _START_AND_STOP))
    )


def _runs(row: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split a row (0 and 1) into runs: where each starts, beginning with the first dark one, and how long it is."""
    changes = np.flatnonzero(np.diff(row.astype(np.int8), prepend=0)) if len(row) else np.zeros(0, np.int64)
    return changes[:-1], np.diff(changes)


def _matches(
    starts: NDArray[np.int64], lengths: NDArray[np.int64], pattern: NDArray[np.int64]
) -> list[tuple[float, float]]:
    """List where a pattern stands in a row: its start and the width of its module, in pixels."""
    if len(lengths) < len(pattern):
        return []
    windows = np.lib.stride_tricks.sliding_window_view(lengths, len(pattern))[::2]
    modules = windows.sum(axis=1) / pattern.sum()
    is_alike = (np.abs(windows / modules[:, None] - pattern) < _MAX_WIDTH_ERROR_MODULES).all(axis=1)
    return [
        (float(start), float(module))
        for start, module in zip(starts[::2][: len(windows)][is_alike], modules[is_alike], strict=True)
    ]


def _is_in_enough_rows(matches: list[tuple[float, float]]) -> bool:
    """Tell whether enough of a pattern's places stand above one another."""
    if len(matches) < _MIN_ROWS:
        return False
    places, modules = np.array(matches).T
    reach, in_order = _SAME_PLACE_MODULES * modules, np.sort(places)
    near = np.searchsorted(in_order, places + reach) - np.searchsorted(in_order, places - reach)
    return bool(near.max() >= _MIN_ROWS)
