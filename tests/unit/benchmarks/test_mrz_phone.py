from __future__ import annotations

import numpy as np
import pytest

from specimens.document_page import MRZ_PITCH_MM
from specimens.fonts import ocr_b
from tests.benchmarks.mrz.phone import photograph, photograph_from_afar
from tests.benchmarks.mrz.pinhole import Camera, Pose
from tests.benchmarks.mrz.sheets import LETTER_MM, rendered


def test_the_same_sheet_under_the_same_condition_gives_the_same_photograph() -> None:
    first, again = (photograph(rendered(1, 4), "all together") for _ in range(2))

    assert np.array_equal(first.picture, again.picture)


def test_letters_are_as_high_on_the_photograph_as_was_asked_for() -> None:
    shot = photograph_from_afar(rendered(0, 6), 9)

    assert shot.letter_px == pytest.approx(9, rel=0.15)


def test_a_capital_is_as_high_as_the_sheets_say() -> None:
    _, top, _, bottom = ocr_b(MRZ_PITCH_MM * 100).getbbox("H")

    assert (bottom - top) / 100 == pytest.approx(LETTER_MM, abs=0.02)


@pytest.mark.parametrize("bow", [0.0, 0.05])
def test_what_is_printed_at_a_place_is_seen_where_that_place_is_projected_to(bow: float) -> None:
    sheet = np.full((300, 400, 3), 255, np.uint8)
    sheet[220:230, 290:300] = 0
    camera = Camera(Pose(pitch=25, yaw=-20, roll=100, bow=bow), aspect=0.75, size=(900, 900), sheet_px=400)

    seen = camera.photograph(sheet, np.full((900, 900, 3), 255, np.float32))

    rows, columns = np.nonzero(seen[..., 0] < 60)
    expected = camera.project((295 / 400 - 0.5, 225 / 400 - 0.375))
    assert (columns.mean(), rows.mean()) == pytest.approx(expected, abs=1.5)
