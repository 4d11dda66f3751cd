"""Curves as SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from cari_face.curves import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis, decades, draw

RATES = Axis("rate", decades(-3, 0), logarithmic=True)


def polylines(svg):
    found = re.findall(r'<polyline points="([^"]*)"', svg)
    return [[tuple(map(float, point.split(","))) for point in points.split()] for points in found]


def test_each_decade_is_as_long_as_the_next():
    (line,) = polylines(draw("", RATES, RATES, {"a": [(1e-3, 1), (1e-2, 1), (1e-1, 1), (1, 1)]}))

    steps = [right - left for (left, _), (right, _) in pairwise(line)]
    assert steps == pytest.approx([steps[0]] * 3, abs=0.2)
    assert (line[0][0], line[-1][0], line[0][1]) == (LEFT, WIDTH - RIGHT, TOP)


@pytest.mark.parametrize("off", [(1e-4, 0.1), (0.1, 2.0), (0.0, 0.1)])
def test_what_lies_off_the_axes_parts_the_curve(off):
    svg = draw("", RATES, RATES, {"a": [(1e-3, 0.5), off, (1e-1, 0.5)]})

    assert [len(run) for run in polylines(svg)] == [1, 1]


def test_names_of_curves_that_end_together_lie_apart():
    svg = draw("", RATES, RATES, {"one": [(1, 0.5)], "two": [(1, 0.5)]})

    heights = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*><tspan', svg)]
    assert abs(heights[0] - heights[1]) >= 13


def test_names_of_curves_that_end_low_stay_above_the_lower_axis():
    svg = draw("", RATES, RATES, {name: [(1, 1e-3)] for name in ("one", "two", "three")})

    heights = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*><tspan', svg)]
    assert max(heights) <= HEIGHT - BOTTOM + 5


def test_a_drawing_is_well_formed_even_without_a_visible_point():
    root = ET.fromstring(draw("nothing", RATES, RATES, {"a": [(5, 5)]}))  # noqa: S314  # our own text

    assert (root.get("width"), root.get("height")) == (str(WIDTH), str(HEIGHT))
