"""The curves beside the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.face.sizing import WIDTHS_PX
from tools.curves import Axis, decades, draw
from tools.face_calibration.calibration_text import draw_det

if TYPE_CHECKING:
    from tests.benchmarks.face.report import Figures

NAMES = {"det": "face-det.svg", "calibration": "face-calibration.svg", "size": "face-size.svg"}


def drawn(figures: Figures) -> dict[str, str]:
    """Draw every curve, by its name."""
    return {
        "det": draw_det({each.name: each.by_pair for each in figures.verified}),
        "calibration": _calibration(figures),
        "size": _size(figures),
    }


def _calibration(figures: Figures) -> str:
    curves = {each.name: sorted((fmr, seen) for fmr, (seen, _) in each.rates.items()) for each in figures.observed}
    ticks = decades(-5, 0)
    return draw(
        "Observed against stated false match rates",
        Axis("stated false match rate (FMR)", ticks, is_logarithmic=True),
        Axis("observed false match rate (FMR)", ticks, is_logarithmic=True),
        {"as stated": [(1e-5, 1e-5), (1, 1)], **curves},
        dots=True,
    )


def _size(figures: Figures) -> str:
    fmrs = list(figures.sized[0].accepted)
    return draw(
        "Genuine pairs accepted, by size of the smaller face",
        Axis("width of the face, pixels", {float(width): str(width) for width in WIDTHS_PX}, is_logarithmic=True),
        Axis("genuine pairs accepted, percent", {percent / 100: str(percent) for percent in range(0, 101, 25)}),
        {f"FMR {fmr:g}": [(each.width_px, each.accepted[fmr]) for each in figures.sized] for fmr in fmrs},
        dots=True,
    )
