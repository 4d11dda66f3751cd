"""One character printed over by another that no check digit tells from it: is the reader sure of what is not there?

`python -m tests.benchmarks.mrz.rivals` prints how many such pictures are read exactly, called valid, and called valid
but read wrong. The labelled pictures come from the folder that CARI_EVAL_DATA names; without it only rendered
documents are measured.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from cari_imaging import decode
from cari_mrz import layout_of, parse, read
from cari_mrz.check_digit_posterior import rivals_of
from specimens.fonts import OCR_B, OCR_B_ADVANCE
from tests.benchmarks.mrz import conditions
from tests.benchmarks.mrz.sheets import rendered
from tests.benchmarks.mrz.specimens import labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cari_mrz import Cell, Corners, MrzReading
    from tests.benchmarks.mrz.optics import Picture

MEASURED = (conditions.ORIGINAL, "half size", "Gaussian sigma 2", "JPEG 30")
SHEETS = 24  # rendered documents
SHEET_PX_PER_MM = 8
GLYPH_PX = 48, 96  # of a cell cut out or drawn: its width, and twice the height of its letters
CELL_IN_LETTERS = 2.0  # how much of the picture above and below a letter belongs to its cell
INK_PERCENTILE, PAPER_PERCENTILE = 5, 90


@dataclass(frozen=True)
class Original:
    """A picture that is read exactly, RGB, and where its lines are."""

    name: str
    picture: Picture
    lines: tuple[str, ...]
    corners: tuple[Corners, ...]


@dataclass(frozen=True)
class Swap:
    """A cell and the character that is printed over the one in it."""

    cell: Cell
    rival: str

    def of(self, lines: Sequence[str]) -> tuple[str, ...]:
        """Give the lines as they then stand."""
        line, column = self.cell
        row = lines[line]
        return (*lines[:line], row[:column] + self.rival + row[column + 1 :], *lines[line + 1 :])


def swaps(lines: tuple[str, ...]) -> list[Swap]:
    """List every character that can be printed over another so that every check digit still agrees."""
    layout = layout_of(lines)
    if layout is None:
        return []
    every = (
        Swap(cell, rival)
        for cell in sorted(layout.checked_cells)
        for rival in rivals_of(lines[cell[0]][cell[1]], layout.allowed(cell))
    )
    return [swap for swap in every if layout_of(swap.of(lines)) is layout and parse(swap.of(lines)).checks_pass]


def print_over(original: Original, swap: Swap) -> Picture:
    """Print the rival: cut out of the same picture where that has it, drawn in OCR-B where not."""
    source = next(
        (
            (i, j)
            for i, line in enumerate(original.lines)
            for j, character in enumerate(line)
            if character == swap.rival and (i, j) != swap.cell
        ),
        None,
    )
    there = _cut(original, swap.cell)
    patch = _cut(original, source) if source else _drawn(swap.rival, there)
    to_picture = cv2.getPerspectiveTransform(_patch_corners(), _quad(original, swap.cell))
    size = original.picture.shape[1], original.picture.shape[0]
    pasted = cv2.warpPerspective(patch, to_picture, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(np.ones(patch.shape[:2], np.float32), to_picture, size)[..., None]
    return np.asarray(np.rint(original.picture * (1 - mask) + pasted * mask), np.uint8)


def _quad(original: Original, cell: Cell) -> NDArray[np.float32]:
    """Say where a cell lies in the picture, with room above and below its letter."""
    top_left, top_right, bottom_right, bottom_left = np.array(original.corners[cell[0]])
    start, end = (step / len(original.lines[cell[0]]) for step in (cell[1], cell[1] + 1))
    room = (CELL_IN_LETTERS - 1) / 2
    top, bottom = top_right - top_left, bottom_right - bottom_left
    sides = [(top_left + at * top, bottom_left + at * bottom) for at in (start, end)]
    (left_up, left_down), (right_up, right_down) = (
        (up + room * (up - down), down + room * (down - up)) for up, down in sides
    )
    return np.array([left_up, right_up, right_down, left_down], np.float32)


def _patch_corners() -> NDArray[np.float32]:
    width, height = GLYPH_PX
    return np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)


def _cut(original: Original, cell: Cell) -> NDArray[np.float32]:
    to_patch = cv2.getPerspectiveTransform(_quad(original, cell), _patch_corners())
    return np.asarray(cv2.warpPerspective(original.picture, to_patch, GLYPH_PX, flags=cv2.INTER_CUBIC), np.float32)


def _drawn(character: str, there: NDArray[np.float32]) -> NDArray[np.float32]:
    """Draw a character in the ink and on the paper of what is there."""
    width, height = GLYPH_PX
    layer = Image.new("L", GLYPH_PX, 0)
    font = ImageFont.truetype(OCR_B, width / OCR_B_ADVANCE)
    ImageDraw.Draw(layer).text((width / 2, height / 2), character, fill=255, font=font, anchor="mm")
    ink, paper = (np.percentile(there, share, axis=(0, 1)) for share in (INK_PERCENTILE, PAPER_PERCENTILE))
    share = np.asarray(layer, np.float32)[..., None] / 255
    return np.asarray(ink * share + paper * (1 - share), np.float32)


def originals(folder: Path | None) -> Iterator[Original]:
    """Give every labelled and rendered document that is read exactly as it is."""
    scans = [each for each in labelled(folder) if each.group == "main" and each.lines] if folder else []
    for scan in scans:
        yield from originals_of(scan.path.name, decode(scan.path.read_bytes()), scan.lines or ())
    for number in range(SHEETS):
        sheet = rendered(number, SHEET_PX_PER_MM)
        yield from originals_of(sheet.name, sheet.picture, sheet.lines or ())


def originals_of(name: str, picture: Picture, lines: tuple[str, ...]) -> Iterator[Original]:
    """Give a document where it is read exactly."""
    reading = read(picture)
    if reading.mrz and reading.mrz.lines == lines and reading.corners:
        yield Original(name, picture, lines, reading.corners)


def drawn_swaps(original: Original, count: int) -> list[Swap]:
    """Draw some of a document's swaps, of every pair of characters at most one before any comes again."""
    rng = np.random.default_rng(zlib.crc32(original.name.encode()))
    every = swaps(original.lines)
    shuffled = [every[k] for k in rng.permutation(len(every))]
    seen: dict[tuple[str, str], int] = {}
    ranked = []
    for swap in shuffled:
        pair = original.lines[swap.cell[0]][swap.cell[1]], swap.rival
        seen[pair] = seen.get(pair, 0) + 1
        ranked.append((seen[pair], swap))
    return [swap for _, swap in sorted(ranked, key=lambda each: each[0])][:count]


def readings(folder: Path | None, count: int) -> Iterator[tuple[str, Original, Swap, MrzReading]]:
    """Read each swap in every condition."""
    with tempfile.TemporaryDirectory() as temporary:
        for original in originals(folder):
            for swap in drawn_swaps(original, count):
                picture = print_over(original, swap)
                for condition in MEASURED:
                    yield condition, original, swap, read(_seen_as(picture, condition, Path(temporary)))


def _seen_as(picture: Picture, condition: str, folder: Path) -> Picture:
    variant = conditions.CONDITIONS.get(condition)
    if variant is None:
        return picture
    path = conditions.save(variant.change(picture, 0), folder / f"swap{variant.suffix}", variant.jpeg_quality)
    return decode(path.read_bytes())


def main() -> int:
    """Print the table; answer 1 where a picture was called valid but read wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--swaps", type=int, default=12, metavar="N", help="of each document")
    cv2.setNumThreads(1)
    folder = os.environ.get("CARI_EVAL_DATA")
    counts = {condition: np.zeros(4, int) for condition in MEASURED}
    for condition, original, swap, reading in readings(Path(folder) if folder else None, options.parse_args().swaps):
        is_exact = reading.mrz is not None and reading.mrz.lines == swap.of(original.lines)
        counts[condition] += [1, is_exact, reading.valid, reading.valid and not is_exact]
    print("| condition | pictures | read exactly | valid | valid but wrong |\n|---|---|---|---|---|")
    for condition, count in counts.items():
        print(f"| {condition} | {' | '.join(map(str, count))} |")
    return int(sum(count[-1] for count in counts.values()) > 0)


if __name__ == "__main__":
    sys.exit(main())
