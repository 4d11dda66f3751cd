"""A calibration to keep (TOML), to read (a table) and to look at (curves)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cari_face.curves import Axis, decades, draw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cari_face.calibrate import Threshold
    from cari_face.calibrate_pictures import Calibrated
    from cari_face.rates import Rates

HEADER = """\
# Made by `python -m cari_face calibrate`. A cosine that the share `fmr` of strangers reaches, and the share `fnmr` of
# genuine pairs that does not. By person, every two people count the same however many pictures of them there are.
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


def det_curve(curves: Mapping[str, Rates]) -> str:
    """Draw FNMR against FMR (detection error trade-off)."""
    rates = Axis("false match rate (FMR)", decades(-6, 0), logarithmic=True)
    misses = {0.001: "0.1 %", 0.01: "1 %", 0.1: "10 %", 1.0: "100 %"}
    return draw(
        "False non-matches against false matches",
        rates,
        Axis("false non-match rate (FNMR)", misses, logarithmic=True),
        {name: _trade_off(each) for name, each in curves.items()},
    )


def _trade_off(rates: Rates) -> list[tuple[float, float]]:
    fmrs = np.logspace(-np.log10(rates.impostor_pairs / 10), 0, CURVE_POINTS).tolist()
    return [(fmr, rates.fnmr(rates.cosine_at(fmr))) for fmr in fmrs]


def calibration_curve(calibrated: Calibrated) -> str:
    """Draw both error rates against the cosine, and the table's thresholds, extrapolated ones included."""
    rates, table = calibrated.calibration.pair_rates, calibrated.calibration.by_pair
    twentieths = range(math.floor(20 * rates.cosine_at(0.5)), 21)
    cosines = np.linspace(twentieths[0] / 20, 1, CURVE_POINTS).tolist()
    return draw(
        f"Error rates against the cosine, {calibrated.kind}",
        Axis("cosine", {tick / 20: f"{tick / 20:.2f}" for tick in twentieths}),
        Axis("share of pairs", decades(-7, 0), logarithmic=True),
        {
            "FMR": [(cosine, rates.fmr(cosine)) for cosine in cosines],
            "FNMR": [(cosine, rates.fnmr(cosine)) for cosine in cosines],
            "FMR, table": [(each.cosine, each.fmr) for each in table],
        },
    )
