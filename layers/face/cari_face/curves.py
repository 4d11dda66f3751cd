"""Curves on two axes, as SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import cycle, groupby
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 800, 400, 72, 240, 40, 52
LABEL_GAP = 17.0
COLORS = ("#16794c", "#c2410c", "#1d4ed8", "#7c3aed", "#be185d", "#0e7490", "#a16207", "#525252")
TEXT = 'font-family="sans-serif" font-size="13" fill="#333"'

Curve: TypeAlias = "Sequence[tuple[float, float]]"


@dataclass(frozen=True)
class Axis:
    """An axis from its first tick to its last; `ticks` are values with their texts."""

    label: str
    ticks: Mapping[float, str]
    logarithmic: bool = False

    def place(self, value: float) -> float | None:
        """Say where a value lies, from 0 to 1; None where it is not on the axis."""
        if self.logarithmic and value <= 0:
            return None
        low, high = self._scaled(min(self.ticks)), self._scaled(max(self.ticks))
        place = (self._scaled(value) - low) / (high - low)
        return place if 0 <= place <= 1 else None

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value


def decades(first: int, last: int, texts: str = "1e{}") -> dict[float, str]:
    """Make ticks at powers of ten."""
    return {10.0**power: texts.format(power) for power in range(first, last + 1)}


def draw(title: str, x: Axis, y: Axis, curves: Mapping[str, Curve], *, dots: bool = False) -> str:
    """Draw each curve, with its name to the right of its end; what lies off the axes is left out."""
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" {TEXT} font-weight="bold">{title}</text>',
        *_grid(x, y),
    ]
    drawn = {name: list(_visible(curve, x, y)) for name, curve in curves.items()}
    labels = _apart({name: runs[-1][-1][1] for name, runs in drawn.items() if runs})
    for (name, runs), color in zip(drawn.items(), cycle(COLORS), strict=False):
        parts += [_line(run, color, dots=dots) for run in runs]
        if name in labels:
            at = f'x="{WIDTH - RIGHT + 10}" y="{labels[name] + 4:.1f}"'
            parts.append(f'<text {at} {TEXT} font-weight="bold"><tspan fill="{color}">{name}</tspan></text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _grid(x: Axis, y: Axis) -> Iterator[str]:
    for value, text in x.ticks.items():
        at = _across(x.place(value) or 0.0)
        yield f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#e4e4e4"/>'
        yield f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" {TEXT}>{text}</text>'
    for value, text in y.ticks.items():
        at = _down(y.place(value) or 0.0)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#e4e4e4"/>'
        yield f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" {TEXT}>{text}</text>'
    yield f'<text x="{_across(0.5):.1f}" y="{HEIGHT - 12}" text-anchor="middle" {TEXT}>{x.label}</text>'
    turned = f'transform="rotate(-90 16 {_down(0.5):.1f})"'
    yield f'<text x="16" y="{_down(0.5):.1f}" text-anchor="middle" {turned} {TEXT}>{y.label}</text>'


def _visible(curve: Curve, x: Axis, y: Axis) -> Iterator[list[tuple[float, float]]]:
    """Cut a curve into the runs that lie on the axes."""
    places = [(x.place(along), y.place(up)) for along, up in curve]
    for visible, run in groupby(places, key=lambda place: None not in place):
        if visible:
            yield [(_across(along or 0.0), _down(up or 0.0)) for along, up in run]


def _across(place: float) -> float:
    return LEFT + place * (WIDTH - LEFT - RIGHT)


def _down(place: float) -> float:
    return HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM)


def _line(points: Curve, color: str, *, dots: bool) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    marks = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"/>' for x, y in points] if dots else []
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>{"".join(marks)}'


def _apart(places: Mapping[str, float]) -> dict[str, float]:
    """Move labels down from those above them so that none lies on another, and back up from the lower axis."""
    moved: dict[str, float] = {}
    nearest = -LABEL_GAP
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        moved[name] = nearest = max(place, nearest + LABEL_GAP)
    nearest = HEIGHT - BOTTOM + LABEL_GAP
    for name in reversed(moved):
        moved[name] = nearest = min(moved[name], nearest - LABEL_GAP)
    return moved
