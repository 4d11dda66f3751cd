from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cari_mrz.bands import BAND_STRIDE_PX, BandMap
from cari_mrz.blocks import stack
from cari_mrz.locate import find_lines
from cari_mrz.text_line import TextLine

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT_PX = 12.0


def test_a_band_is_a_line_with_its_ends_its_height_and_its_way() -> None:
    (line,) = find_lines(_bands([(40, 60, 400, 60)]))

    assert line.corners[0] == pytest.approx([40, 54], abs=BAND_STRIDE_PX)
    assert line.corners[2] == pytest.approx([400, 66], abs=BAND_STRIDE_PX)
    assert line.height == pytest.approx(HEIGHT_PX)


def test_a_band_read_from_right_to_left_is_a_line_upside_down() -> None:
    (line,) = find_lines(_bands([(400, 60, 40, 60)]))

    assert line.orientation == pytest.approx(-1)
    assert line.flipped.corners[0] == pytest.approx([400, 66], abs=BAND_STRIDE_PX)


def test_a_line_of_a_scaled_picture_is_given_in_pixels_of_the_original() -> None:
    (line,) = find_lines(_bands([(40, 60, 400, 60)], scale=0.5))

    assert line.length == pytest.approx(720, abs=2 * BAND_STRIDE_PX)
    assert line.height == pytest.approx(2 * HEIGHT_PX)


def test_pieces_of_one_line_are_joined_and_neighbouring_lines_are_not() -> None:
    lines = find_lines(_bands([(40, 60, 160, 60), (210, 60, 400, 60), (40, 92, 400, 92)]))

    assert sorted(round(line.length / 40) for line in lines) == [9, 9]


def test_the_middle_of_a_bowed_band_lies_below_its_ends() -> None:
    bands = _bands([(x, 60 + 12 * (1 - ((x - 220) / 180) ** 2), x + 20, 60) for x in range(40, 400, 4)])

    (line,) = find_lines(bands)

    assert line.bow == pytest.approx(12, abs=3)


def test_specks_are_no_lines() -> None:
    assert find_lines(_bands([(40, 60, 60, 60), (300, 200, 330, 200)])) == []


def test_lines_below_one_another_are_one_block_in_reading_order() -> None:
    lines = [_line(100, 140), _line(100, 80), _line(100, 110)]

    (block,) = stack(lines)

    assert [float(line.center[1]) for line in block] == [80, 110, 140]


def test_upside_down_the_lowest_line_is_the_first() -> None:
    lines = [replace(_line(100, y), orientation=-0.8) for y in (80, 110)]

    (block,) = stack(lines)

    assert [float(line.center[1]) for line in block] == [110, 80]


def test_the_way_of_the_longer_lines_decides_for_all() -> None:
    lines = [replace(_line(100, 80), orientation=0.9), replace(_line(100, 110, length=320), orientation=-0.5)]

    (block,) = stack(lines)

    assert [float(line.center[1]) for line in block] == [80, 110]


def test_lines_far_apart_are_two_blocks() -> None:
    assert sorted(map(len, stack([_line(100, 80), _line(100, 110), _line(100, 300), _line(100, 330)]))) == [2, 2]


def test_short_lines_are_no_block() -> None:
    assert stack([_line(100, 80, length=100), _line(100, 110, length=100)]) == []


def _line(x: float, y: float, length: float = 360) -> TextLine:
    half = HEIGHT_PX / 2
    corners = [[x, y - half], [x + length, y - half], [x + length, y + half], [x, y + half]]
    return TextLine(np.array(corners, np.float32), HEIGHT_PX)


def _bands(courses: Sequence[tuple[float, float, float, float]], scale: float = 1.0) -> BandMap:
    """Mark horizontal bands, each read from its first point to its second."""
    likely = np.zeros((80, 120), np.float32)
    direction = np.zeros((80, 120, 2), np.float32)
    for start, y, end, _ in courses:
        row, columns = (
            round(y / BAND_STRIDE_PX),
            slice(round(min(start, end) / BAND_STRIDE_PX), round(max(start, end) / BAND_STRIDE_PX)),
        )
        likely[row - 1 : row + 1, columns] = 1
        direction[row - 1 : row + 1, columns] = (np.sign(end - start), 0)
    return BandMap(likely, direction, np.full_like(likely, HEIGHT_PX), scale)
