"""The read rate against the height of the letters, as an SVG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 680, 380, 56, 130, 24, 52
LABEL_GAP = 17.0
COLORS = ("#16794c", "#c2410c", "#1d4ed8", "#7c3aed")
TEXT = 'font-family="sans-serif" font-size="13" fill="#333"'


def read_rates(rates: Mapping[str, Mapping[float, float]]) -> str:
    """Draw a curve for each reader: its read rate, from 0 to 1, by the letters' height in pixels."""
    heights = sorted({height for curve in rates.values() for height in curve})
    low, high = math.log(heights[0]), math.log(heights[-1])

    def x(height: float) -> float:
        return LEFT + (math.log(height) - low) / ((high - low) or 1) * (WIDTH - LEFT - RIGHT)

    def y(rate: float) -> float:
        return HEIGHT - BOTTOM - rate * (HEIGHT - TOP - BOTTOM)

    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for percent in range(0, 101, 25):
        at = y(percent / 100)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" {TEXT}>{percent} %</text>')
    parts += [
        f'<text x="{x(height):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" {TEXT}>{height:g}</text>'
        for height in heights
    ]
    middle = f'x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle"'
    parts.append(f"<text {middle} {TEXT}>height of a letter on the picture, pixels</text>")
    curves = {name: [(x(height), y(rate)) for height, rate in sorted(curve.items())] for name, curve in rates.items()}
    places = _apart({name: points[-1][1] for name, points in curves.items()})
    for (name, points), color in zip(curves.items(), COLORS, strict=False):
        parts.append(_curve(points, color))
        label_at = f'x="{points[-1][0] + 10:.1f}" y="{places[name] + 4:.1f}"'
        parts.append(f'<text {label_at} {TEXT} font-weight="bold"><tspan fill="{color}">{name}</tspan></text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="MRZs read exactly, by height of the letters">\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _curve(points: Sequence[tuple[float, float]], color: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"/>' for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2.5"/>{dots}'


def _apart(places: Mapping[str, float]) -> dict[str, float]:
    """Move labels down from those above them, so that none lies on another."""
    moved: dict[str, float] = {}
    lowest = -LABEL_GAP
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        lowest = max(place, lowest + LABEL_GAP)
        moved[name] = lowest
    return moved
