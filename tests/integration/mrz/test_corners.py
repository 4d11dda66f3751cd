from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cari_mrz.corners import has_square_left
from local.fonts import ocr_b


@pytest.mark.parametrize(("letter", "is_square"), [("D", True), ("O", False), ("0", False)])
@pytest.mark.parametrize("pitch_px", [8, 12, 20, 40])
def test_the_corners_of_ocr_b_tell_d_from_o(letter: str, is_square: bool, pitch_px: int) -> None:
    cell = Image.new("L", (pitch_px, round(1.4 * pitch_px)), 255)
    ImageDraw.Draw(cell).text((pitch_px / 2, 0.7 * pitch_px), letter, fill=0, font=ocr_b(pitch_px), anchor="mm")

    glyph = np.asarray(cell.resize((20, 28), Image.Resampling.BICUBIC), np.float32)

    assert has_square_left(glyph) is is_square


def test_an_empty_cell_tells_nothing() -> None:
    assert has_square_left(np.full((28, 20), 255, np.float32)) is None
