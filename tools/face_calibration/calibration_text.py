"""A calibration to keep (TOML), to read (a table) and to look at (curves)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tools.curves import Axis, decades, draw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tools.face_calibration.calibrate import Threshold
    from tools.face_calibration.calibrate_pictures import Calibrated
    from tools.face_calibration.rates import Rates

HEADER = """\
# Made by `python -m tools.face_calibration`. The share `fmr` of impostor pairs reaches the cosine, and the share `fnmr`
# of genuine pairs does not. By person, every two people count the same however many pictures of them there are.
# Extrapolated: fewer than 10 false matches were to be expected.
"""
CURVE_POINTS = 200


def as_toml(model: str, calibrated: Calibrated) -> str:
    """Write the calibration; the same pictures give the same text."""
    return HEADER + "\n".join(
        (
            f'model = "{model}"',
            f'kind = "{calibrated.kind}"',
            f"pictures = {calibrated.pictures}",
            f"pictures_without_face = {calibrated.without_face}",
            f"people = {calibrated.people}",
            f"genuine_pairs = {calibrated.genuine_pairs}",
            f"impostor_pairs = {calibrated.impostor_pairs}",
            *_toml_list("by_pair", calibrated.calibration.by_pair),
            *_toml_list("by_person", calibrated.calibration.by_person),
            "",
        )
    )


def _toml_list(name: str, thresholds: Sequence[Threshold]) -> Iterator[str]:
    yield f"{name} = ["
    for each in thresholds:
        extrapolated = str(each.extrapolated).lower()
        yield (
            f"  {{ fmr = {each.fmr:g}, cosine = {each.cosine:.5f}, "
            f"fnmr = {each.fnmr:.5f}, extrapolated = {extrapolated} }},"
        )
    yield "]"


def as_table(model: str, calibrated: Calibrated) -> str:
    """Lay the calibration out for people."""
    both = zip(calibrated.calibration.by_pair, calibrated.calibration.by_person, strict=True)
    return "\n".join(
        (
            _measured_on(model, calibrated),
            "",
            "         every pair counts        every two people count",
            "  FMR    cosine      FNMR         cosine      FNMR",
            *(f"{pair.fmr:5g}    {_cells(pair)}   {_cells(person)}".rstrip() for pair, person in both),
            "* extrapolated: fewer than 10 false matches were to be expected",
        )
    )


def _measured_on(model: str, calibrated: Calibrated) -> str:
    return (
        f"{model}, {calibrated.kind}: {calibrated.pictures:,} pictures of {calibrated.people:,} people, "
        f"{calibrated.genuine_pairs:,} genuine and {calibrated.impostor_pairs:,} impostor pairs; "
        f"{calibrated.without_face:,} pictures without a face are left out"
    )


def _cells(threshold: Threshold) -> str:
    return f"{threshold.cosine:.4f}{'*' if threshold.extrapolated else ' '}   {100 * threshold.fnmr:6.2f} %   "


def draw_det(curves: Mapping[str, Rates]) -> str:
    """Draw FNMR against FMR (detection error trade-off, DET) as SVG; `curves` names each of them."""
    return draw(
        "False non-matches against false matches",
        Axis("false match rate (FMR), share of impostor pairs", decades(-6, 0), is_logarithmic=True),
        Axis("false non-match rate (FNMR), share of genuine pairs", decades(-3, 0), is_logarithmic=True),
        {name: _trade_off(each) for name, each in curves.items()},
    )


def _trade_off(rates: Rates) -> list[tuple[float, float]]:
    fmrs = np.logspace(-np.log10(rates.impostor_pairs / 10), 0, CURVE_POINTS).tolist()
    return [(fmr, rates.fnmr(rates.cosine_at(fmr))) for fmr in fmrs]


def draw_calibration(calibrated: Calibrated) -> str:
    """Draw both error rates against the cosine as SVG, and the table's thresholds, extrapolated ones included."""
    rates, table = calibrated.calibration.pair_rates, calibrated.calibration.by_pair
    twentieths = range(math.floor(20 * rates.cosine_at(0.5)), 21)
    cosines = np.linspace(twentieths[0] / 20, 1, CURVE_POINTS).tolist()
    return draw(
        f"Error rates against the cosine, {calibrated.kind}",
        Axis("cosine of two embeddings", {tick / 20: f"{tick / 20:.2f}" for tick in twentieths}),
        Axis("share of pairs", decades(-7, 0), is_logarithmic=True),
        {
            "FMR": [(cosine, rates.fmr(cosine)) for cosine in cosines],
            "FNMR": [(cosine, rates.fnmr(cosine)) for cosine in cosines],
            "FMR, table": [(each.cosine, each.fmr) for each in table],
        },
    )
