"""A similarity that says how often strangers look that much alike, whatever the model behind it.

    similarity   0.25   0.50   0.80   0.95   0.99
    FMR          1e-1   1e-2   1e-3   1e-4   1e-5

See docs/adr/0003-face-similarity.md.
"""

from __future__ import annotations

import math
from bisect import bisect_right

# -log10 of the false match rate → similarity
_NINES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0)
_SIMILARITIES = (0.0, 0.25, 0.50, 0.80, 0.95, 0.99, 1.0)


def similarity(fmr: float) -> float:
    """Map a false match rate to 0..1; it is straight in log FMR between the points."""
    return _between(-math.log10(max(fmr, 1e-300)), _NINES, _SIMILARITIES)


def fmr(alike: float) -> float:
    """Map a similarity back to its false match rate."""
    return float(10 ** -_between(alike, _SIMILARITIES, _NINES))


def _between(x: float, xs: tuple[float, ...], ys: tuple[float, ...]) -> float:
    """Interpolate, level beyond both ends."""
    if x <= xs[0]:
        return ys[0]
    if x >= xs[-1]:
        return ys[-1]
    right = bisect_right(xs, x)
    share = (x - xs[right - 1]) / (xs[right] - xs[right - 1])
    return ys[right - 1] + share * (ys[right] - ys[right - 1])
