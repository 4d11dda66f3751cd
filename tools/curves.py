"""Curves on two axes, as SVG: the figures in docs/benchmarks and those of a calibration."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, TypeAlias

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

SIZE_INCHES = (8.4, 4.2)  # width and height
COLORS = ("#16794c", "#c2410c", "#1d4ed8", "#7c3aed", "#be185d", "#0e7490", "#a16207", "#525252")

Curve: TypeAlias = "Sequence[tuple[float, float]]"  # x and y of each point


@dataclass(frozen=True)
class Axis:
    """An axis from its first tick to its last; `label` says the unit, `ticks` are values with their texts."""

    label: str
    ticks: Mapping[float, str]
    is_logarithmic: bool = False


def decades(first: int, last: int) -> dict[float, str]:
    """Make ticks at powers of ten, from exponent to exponent."""
    return {10.0**power: f"1e{power}" if power else "1" for power in range(first, last + 1)}


def draw(title: str, x: Axis, y: Axis, curves: Mapping[str, Curve], *, dots: bool = False) -> str:
    """Draw each curve as SVG, with its name in a legend at the right; what lies off the axes is left out.

    The same curves give the same bytes: identifiers are made with a fixed salt, and no date is written.
    """
    svg = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "cari", "svg.fonttype": "none"}):  # text stays text
        metadata = {"Title": title, "Date": None, "Creator": None}
        plotted(title, x, y, curves, dots=dots).savefig(svg, format="svg", metadata=metadata)
    return svg.getvalue()


def plotted(title: str, x: Axis, y: Axis, curves: Mapping[str, Curve], *, dots: bool = False) -> Figure:
    """Plot as `draw` does; gives the figure, its one axes first."""
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    axes = figure.add_subplot()
    for (name, points), color in zip(curves.items(), cycle(COLORS), strict=False):
        across, up = zip(*points, strict=True)
        axes.plot(across, up, color=color, label=name, linewidth=2, marker="o" if dots else "", markersize=5)
    _scale(axes, "x", x)
    _scale(axes, "y", y)
    axes.set_title(title, loc="left", fontweight="bold")
    axes.grid(visible=True, color="#e4e4e4")
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _scale(axes: Axes, which: str, axis: Axis) -> None:
    """Give one of the axes, "x" or "y", its limits, scale, ticks and label."""
    axes.set(**{f"{which}lim": (min(axis.ticks), max(axis.ticks)), f"{which}label": axis.label})
    if axis.is_logarithmic:
        getattr(axes, f"set_{which}scale")("log", nonpositive="mask")
    axes.set(**{f"{which}ticks": list(axis.ticks), f"{which}ticklabels": list(axis.ticks.values())})
    getattr(axes, f"{which}axis").set_minor_locator(NullLocator())
