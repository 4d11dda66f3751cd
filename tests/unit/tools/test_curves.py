"""Curves as SVG."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tools.curves import Axis, decades, draw, plotted

RATES = Axis("false match rate", decades(-3, 0), is_logarithmic=True)
SHARES = Axis("share, percent", {0.0: "0", 0.5: "50", 1.0: "100"})
CURVES = {"one": [(1e-3, 0.2), (1e-1, 0.5)], "two": [(1e-2, 0.1), (1.0, 0.9)]}


def axes_of(**options):
    return plotted("Title", RATES, SHARES, CURVES, **options).axes[0]


def test_each_decade_is_as_long_as_the_next():
    to_pixels = axes_of().transData

    steps = [
        to_pixels.transform((10.0 ** (power + 1), 1))[0] - to_pixels.transform((10.0**power, 1))[0]
        for power in (-3, -2, -1)
    ]

    assert steps == pytest.approx([steps[0]] * 3)


def test_axes_go_from_the_first_tick_to_the_last_and_are_labelled():
    axes = axes_of()

    assert (axes.get_xlim(), axes.get_ylim()) == ((1e-3, 1), (0, 1))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("false match rate", "share, percent")
    assert [text.get_text() for text in axes.get_xticklabels()] == ["1e-3", "1e-2", "1e-1", "1"]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["0", "50", "100"]


def test_every_curve_is_drawn_through_its_points_and_named_in_the_legend():
    figure = plotted("Title", RATES, SHARES, CURVES)

    drawn = {line.get_label(): [tuple(point) for point in line.get_xydata().tolist()] for line in figure.axes[0].lines}
    assert drawn == CURVES
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["one", "two"]


@pytest.mark.parametrize(("dots", "marker"), [(True, "o"), (False, "")])
def test_points_are_marked_where_they_were_measured_one_by_one(dots, marker):
    assert {line.get_marker() for line in axes_of(dots=dots).lines} == {marker}


def test_the_same_curves_give_the_same_bytes_with_no_date_in_them():
    one, other = (draw("Title", RATES, SHARES, CURVES) for _ in range(2))

    assert one == other
    assert "<dc:date>" not in one


def test_a_drawing_is_well_formed_even_with_points_that_no_logarithm_has():
    root = ET.fromstring(draw("nothing", RATES, RATES, {"a": [(0.0, 0.5), (5, 5)]}))  # noqa: S314  # our own text

    assert root.tag.endswith("svg")
