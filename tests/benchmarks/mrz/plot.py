"""The read rate against the height of the letters, as an SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.curves import Axis, draw

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_rates(rates: Mapping[str, Mapping[float, float]]) -> str:
    """Draw a curve for each reader: its read rate, from 0 to 1, by the letters' height in pixels."""
    heights = sorted({height for curve in rates.values() for height in curve})
    return draw(
        "MRZs read exactly, by height of the letters",
        Axis(
            "height of a letter on the picture, pixels",
            {height: f"{height:g}" for height in heights},
            is_logarithmic=True,
        ),
        Axis("MRZs read exactly, percent", {percent / 100: str(percent) for percent in range(0, 101, 25)}),
        {name: sorted(curve.items()) for name, curve in rates.items()},
        dots=True,
    )
