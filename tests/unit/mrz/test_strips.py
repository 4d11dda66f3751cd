from __future__ import annotations

import cv2
import numpy as np
import pytest

from cari_mrz.strips import LETTER_PX, STRIP_HEIGHT_PX, STRIP_MARGIN_PX, Frame, cut_strip
from cari_mrz.text_line import TextLine

CORNERS = np.array([[40, 60], [340, 70], [339, 90], [39, 80]], np.float32)


def test_a_strip_shows_the_line_in_its_middle() -> None:
    picture = np.full((160, 400), 255, np.uint8)
    cv2.fillConvexPoly(picture, CORNERS.astype(np.int32), 0)

    strip = cut_strip(picture, TextLine(CORNERS, 20.0))

    top = (STRIP_HEIGHT_PX - LETTER_PX) // 2
    assert strip.shape[0] == STRIP_HEIGHT_PX
    assert strip[top + 1 : top + LETTER_PX - 1, STRIP_MARGIN_PX + 1 : -STRIP_MARGIN_PX - 1].mean() < 10
    assert strip[: top - 1].mean() > 245


@pytest.mark.parametrize("bow", [0.0, 8.0])
def test_the_corners_of_a_strips_letters_lie_at_the_lines_corners(bow: float) -> None:
    line = TextLine(CORNERS, 20.0, bow)

    frame = Frame.of(line, height=STRIP_HEIGHT_PX)

    top = (STRIP_HEIGHT_PX - LETTER_PX) / 2
    edges = np.array([[STRIP_MARGIN_PX, top], [frame.size[0] - STRIP_MARGIN_PX, top + LETTER_PX]])
    assert np.abs(frame.map_points(edges) - CORNERS[[0, 2]]).max() < 1 + 0.5 * bow


def test_a_bowed_line_is_cut_straight() -> None:
    picture = np.full((160, 400), 255, np.uint8)
    columns = np.arange(40, 341)
    rows = 70 + 12 * (1 - ((columns - 190) / 150) ** 2)
    cv2.polylines(picture, [np.stack([columns, rows], axis=1).round().astype(np.int32)], False, 0, 5)
    corners = np.array([[40, 62], [340, 62], [340, 78], [40, 78]], np.float32)

    strip = cut_strip(picture, TextLine(corners, 16.0, bow=12.0))

    darkest = strip[:, STRIP_MARGIN_PX + 10 : -STRIP_MARGIN_PX - 10].argmin(axis=0)
    assert np.ptp(darkest) <= 6
