"""Measure how often licences' barcodes are read: `python -m tests.benchmarks.barcode [--cards N] [--only NAME]`."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_barcode import decode
from tests.benchmarks.barcode.cards import back, payload
from tests.benchmarks.barcode.conditions import CONDITIONS, shot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

OUTCOMES = ("read", "wrong", "damaged", "other", "nothing")


@dataclass(frozen=True)
class Measured:
    """What came of one picture, and the seconds it took."""

    outcome: str
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table: a line for each condition and value."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cards", type=int, default=10, metavar="N", help="made-up cards a value")
    options.add_argument("--only", default="", metavar="NAME", help="conditions whose name has this in it")
    chosen = options.parse_args(arguments)
    cv2.setNumThreads(1)
    print(f"| condition | pictures | {' | '.join(OUTCOMES)} | median ms | slowest ms |")
    print(f"|---|---|{'---|' * len(OUTCOMES)}---|---|")
    everything = []
    for condition in CONDITIONS:
        if chosen.only in condition.name:
            for value in condition.values:
                pictures = ((payload(seed), condition.photograph(_card(seed), value)) for seed in range(chosen.cards))
                measured = [_measured(carried, photograph) for carried, photograph in pictures]
                everything += measured
                print(_row(f"{condition.name} {value:g} {condition.unit}".strip(), measured))
    if not chosen.only:
        print(_row("all of these", everything))
        for width in (1600, 4000):
            print(_row(f"without a barcode, {width} px wide", [_measured(None, it) for it in _without(width)]))
    return 0


def _card(seed: int) -> NDArray[np.uint8]:
    return back(payload(seed))


def _without(width: int) -> list[NDArray[np.uint8]]:
    noise = np.random.default_rng(3).integers(0, 255, (width * 3 // 4, width), dtype=np.uint8)
    card = back(None)
    return [shot(card, width=width, turn=turn) for turn in (0, 10, 45)] + [noise, cv2.GaussianBlur(noise, (0, 0), 2)]


def _measured(carried: bytes | None, photograph: NDArray[np.uint8]) -> Measured:
    picture = cv2.cvtColor(photograph, cv2.COLOR_GRAY2RGB).astype(np.uint8)
    started = time.perf_counter()
    symbol = decode(picture)
    seconds = time.perf_counter() - started
    if symbol is None:
        return Measured("nothing", seconds)
    if symbol.format != "PDF417":
        return Measured("other", seconds)
    if symbol.payload is None:
        return Measured("damaged", seconds)
    return Measured("read" if symbol.payload == carried else "wrong", seconds)


def _row(name: str, measured: list[Measured]) -> str:
    counts = [sum(each.outcome == outcome for each in measured) for outcome in OUTCOMES]
    milliseconds = [each.seconds * 1000 for each in measured]
    figures = " | ".join(str(count) for count in counts)
    return f"| {name} | {len(measured)} | {figures} | {statistics.median(milliseconds):.0f} | {max(milliseconds):.0f} |"


if __name__ == "__main__":
    sys.exit(main())
