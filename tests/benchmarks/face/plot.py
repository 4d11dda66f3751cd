"""The curves beside the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_face.calibration_text import det_curve
from cari_face.curves import Axis, decades, draw
from tests.benchmarks.face.sizing import WIDTHS_PX

if TYPE_CHECKING:
    from tests.benchmarks.face.report import Figures

NAMES = {"det": "face-det.svg", "calibration": "face-calibration.svg", "size": "face-size.svg"}


def drawn(figures: Figures) -> dict[str, str]:
    """Draw every curve, by its name."""
    return {
        "det": det_curve({each.name: each.by_pair for each in figures.verified}),
        "calibration": _calibration(figures),
        "size": _size(figures),
    }


def _calibration(figures: Figures) -> str:
    curves = {each.name: sorted((fmr, seen) for fmr, (seen, _) in each.rates.items()) for each in figures.observed}
    ticks = decades(-5, 0)
    return draw(
        "Observed against stated false match rates",
        Axis("stated FMR", ticks, logarithmic=True),
        Axis("observed FMR", ticks, logarithmic=True),
        {"as stated": [(1e-5, 1e-5), (1, 1)], **curves},
        dots=True,
    )


def _size(figures: Figures) -> str:
    fmrs = list(figures.sized[0].accepted)
    return draw(
        "Genuine pairs accepted, by size of the smaller face",
        Axis("width of the face, pixels", {float(width): str(width) for width in WIDTHS_PX}, logarithmic=True),
        Axis("accepted", {share / 4: f"{25 * share} %" for share in range(5)}),
        {f"FMR {fmr:g}": [(each.width_px, each.accepted[fmr]) for each in figures.sized] for fmr in fmrs},
        dots=True,
    )
