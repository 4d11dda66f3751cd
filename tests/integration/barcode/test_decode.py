"""Where in a picture a barcode is found, and what is said where it cannot be read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
import zxingcpp

import cari_barcode
from cari_barcode.render import render
from tests.benchmarks.barcode.cards import SYMBOL_TOP, back
from tests.benchmarks.barcode.conditions import shot
from tests.unit.barcode.holder import payload

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAYLOAD = payload()
PATIENCE_S = 60  # so that no claim but the one of time depends on how busy a machine is


def decode(picture: Any) -> cari_barcode.Symbol | None:
    return cari_barcode.decode(picture, time_budget_s=PATIENCE_S)


def read_licence(picture: Any) -> cari_barcode.Reading:
    return cari_barcode.read_licence(picture, time_budget_s=PATIENCE_S)


@pytest.fixture(scope="module")
def card() -> NDArray[np.uint8]:
    return back(PAYLOAD)


def rgb(gray: NDArray[np.uint8]) -> Any:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)


def on_paper(symbol: NDArray[np.uint8]) -> Any:
    """Put a symbol into the middle of a larger sheet."""
    return rgb(cv2.copyMakeBorder(symbol, 200, 200, 200, 200, cv2.BORDER_CONSTANT, value=230).astype(np.uint8))


@pytest.mark.parametrize("turn", [0, 3, 17, 45, 90, 133, 180, 250, 275, 344])
def test_a_barcode_is_read_however_it_is_turned(card: NDArray[np.uint8], turn: int) -> None:
    symbol = decode(rgb(shot(card, turn=turn)))

    assert symbol is not None
    assert (symbol.format, symbol.payload, symbol.is_damaged) == ("PDF417", PAYLOAD, False)


@pytest.mark.parametrize("turn", [0, 30])
def test_a_mirrored_barcode_is_read(card: NDArray[np.uint8], turn: int) -> None:
    symbol = decode(rgb(np.fliplr(shot(card, turn=turn)).copy()))

    assert symbol is not None
    assert symbol.payload == PAYLOAD


@pytest.mark.parametrize("width", [520, 700, 4000])
@pytest.mark.parametrize("turn", [0, 12])
def test_a_small_picture_and_one_of_12_megapixels_are_read(card: NDArray[np.uint8], width: int, turn: int) -> None:
    symbol = decode(rgb(shot(card, width=width, turn=turn)))

    assert symbol is not None
    assert symbol.payload == PAYLOAD


@pytest.mark.parametrize(("yaw", "pitch"), [(30, 0), (-35, 0), (0, 35), (20, 20)])
def test_a_barcode_seen_aslant_is_read(card: NDArray[np.uint8], yaw: int, pitch: int) -> None:
    symbol = decode(rgb(shot(card, yaw=yaw, pitch=pitch)))

    assert symbol is not None
    assert symbol.payload == PAYLOAD


@pytest.mark.parametrize("module_px", [2, 4, 12])
def test_corners_go_round_the_symbol_from_its_own_top_left(module_px: int) -> None:
    sheet = on_paper(render(PAYLOAD, module_px))
    ys, xs = np.nonzero(sheet[:, :, 0] < 100)

    symbol = decode(sheet)

    assert symbol is not None
    expected = [(xs.min(), ys.min()), (xs.max(), ys.min()), (xs.max(), ys.max()), (xs.min(), ys.max())]
    assert np.array(symbol.corners) == pytest.approx(np.array(expected, float), abs=3 * module_px)


@pytest.mark.parametrize("width", [800, 1600, 4000])
def test_corners_turn_with_the_picture(card: NDArray[np.uint8], width: int) -> None:
    photograph = shot(card, width=width)
    turning = cv2.getRotationMatrix2D((width / 2, width * 3 / 8), 33, 0.8)
    turned = cv2.warpAffine(photograph, turning, (width, width * 3 // 4), borderValue=95)

    upright, askew = decode(rgb(photograph)), decode(rgb(turned.astype(np.uint8)))

    assert upright is not None
    assert askew is not None
    expected = np.array(upright.corners) @ turning[:, :2].T + turning[:, 2]
    assert np.array(askew.corners) == pytest.approx(expected, abs=0.01 * width)


@pytest.mark.parametrize("share", [0.3, 0.45])
def test_a_barcode_whose_first_rows_are_covered_is_damaged(card: NDArray[np.uint8], share: float) -> None:
    covered = card.copy()
    covered[: SYMBOL_TOP + round(share * 350)] = 95

    reading = read_licence(rgb(shot(covered)))

    assert (reading.reason, reading.licence) == ("barcode_damaged", None)
    assert reading.symbol is not None
    assert len(reading.symbol.corners) == 4


@pytest.mark.parametrize("turn", [0, 25])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_barcode_that_has_lost_its_beginning_is_damaged(card: NDArray[np.uint8], turn: int, mirrored: bool) -> None:
    covered = card.copy()
    covered[:, :300] = 95
    photograph = shot(covered, turn=turn)

    reading = read_licence(rgb(np.fliplr(photograph).copy() if mirrored else photograph))

    assert (reading.reason, reading.symbol and reading.symbol.format) == ("barcode_damaged", "PDF417")


def test_a_scratched_barcode_is_read_by_its_error_correction(card: NDArray[np.uint8]) -> None:
    scratched = card.copy()
    cv2.line(scratched, (300, 160), (900, 480), 230, 8)

    assert read_licence(rgb(shot(scratched))).licence is not None


def test_a_pdf417_of_something_else_is_not_aamva() -> None:
    reading = read_licence(on_paper(render(b"M1SPECIMEN/ALEXANDRA  EABC123 boarding pass", 3)))

    assert (reading.reason, reading.symbol and reading.symbol.format) == ("not_aamva", "PDF417")


@pytest.mark.parametrize(
    ("kind", "name"), [(zxingcpp.QRCode, "QRCode"), (zxingcpp.Code128, "Code128"), (zxingcpp.DataMatrix, "DataMatrix")]
)
def test_another_symbology_is_named_and_not_aamva(kind: zxingcpp.BarcodeFormat, name: str) -> None:
    picture = np.array(zxingcpp.create_barcode("HELLO-1234", kind).to_image(scale=4), dtype=np.uint8)

    reading = read_licence(on_paper(picture))

    assert (reading.reason, reading.symbol and reading.symbol.format) == ("not_aamva", name)


def test_a_licence_is_preferred_to_the_inventory_code_beside_it(card: NDArray[np.uint8]) -> None:
    beside = card.copy()
    code = np.array(zxingcpp.create_barcode("12345678", zxingcpp.Code128).to_image(scale=3), dtype=np.uint8)[:120]
    beside[800 : 800 + code.shape[0], 900 : 900 + code.shape[1]] = code

    reading = read_licence(rgb(shot(beside)))

    assert reading.symbol is not None
    assert (reading.symbol.format, reading.reason) == ("PDF417", None)


EMPTY = {
    "flat": np.full((600, 800, 3), 128, np.uint8),
    "one pixel": np.zeros((1, 1, 3), np.uint8),
    "a line": np.full((1, 3000, 3), 9, np.uint8),
    "a column": np.full((3000, 1, 3), 9, np.uint8),
    "noise": np.random.default_rng(1).integers(0, 255, (700, 900, 3), dtype=np.uint8),
    "stripes": np.tile(np.array([0, 0, 0, 255, 255, 255], np.uint8)[None, :, None], (600, 150, 3)),
    "no barcode": rgb(shot(back(None), turn=5)),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_picture_without_a_barcode_has_none(name: str) -> None:
    assert read_licence(EMPTY[name]).reason == "no_barcode"


def test_without_time_a_picture_is_looked_at_twice_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, looks = rgb(shot(back(None), width=1000, turn=5)), list[int]()
    module = sys.modules["cari_barcode.decode"]  # the package's `decode` is its function
    monkeypatch.setattr(module, "scan_pdf417", lambda _: looks.append(1) or [])

    cari_barcode.decode(picture, time_budget_s=0)

    assert len(looks) <= 2  # the whole, and the likeliest place
