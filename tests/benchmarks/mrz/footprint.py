"""What a reader costs before it has read anything, and how much memory a large photograph takes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from tests.benchmarks.mrz.conditions import save
from tests.benchmarks.mrz.phone import photograph, photograph_from_afar
from tests.benchmarks.mrz.readers import ONE_THREAD, OWN, PASSPORTEYE, RAPIDOCR, READERS, ROOT, Worker
from tests.benchmarks.mrz.sheets import LETTER_MM, rendered

if TYPE_CHECKING:
    from pathlib import Path

PHOTO_PX = 12_000_000
LARGE_PX_PER_MM = 24

# What is timed, from the first import to the first answer; the picture's path is in sys.argv[1].
FIRST_READS = {
    "cv2 and numpy alone": (OWN.python, "import cv2, numpy"),
    OWN.name: (
        OWN.python,
        "from cari_imaging import decode; from cari_mrz import read; read(decode(open(sys.argv[1], 'rb').read()))",
    ),
    PASSPORTEYE.name: (PASSPORTEYE.python, "from passporteye import read_mrz; read_mrz(sys.argv[1])"),
    RAPIDOCR.name: (
        RAPIDOCR.python,
        "from tests.benchmarks.mrz.workers.rapidocr import load; load()(sys.argv[1])",
    ),
}
TIMED = """
import json, os, sys, time, warnings
warnings.simplefilter("ignore")
wall_s, cpu_s = time.perf_counter(), time.process_time()
{statement}
own = time.process_time() - cpu_s
after = os.times()
print(json.dumps([time.perf_counter() - wall_s, own + after.children_user + after.children_system]))
"""


@dataclass(frozen=True)
class FirstRead:
    """Medians from the first import to the first answer, the interpreter's own start left out."""

    wall_ms: float
    cpu_ms: float


def first_reads(folder: Path, repeats: int) -> dict[str, FirstRead]:
    """Start every reader anew so often, in turn, and have it read one photograph."""
    shot = photograph(rendered(0), "face on")
    picture = save(shot.picture, folder / "first.jpg", shot.jpeg_quality)
    timed: dict[str, list[tuple[float, float]]] = {name: [] for name in FIRST_READS}
    for repeat in range(repeats + 1):
        for name, (python, statement) in FIRST_READS.items():
            took = _first_read(python, statement, picture)
            if repeat:  # the first time also brings files into memory
                timed[name].append(took)
    return {
        name: FirstRead(*(1000 * statistics.median(each) for each in zip(*times, strict=True)))
        for name, times in timed.items()
    }


def _first_read(python: Path, statement: str, picture: Path) -> tuple[float, float]:
    done = subprocess.run(
        [python, "-c", TIMED.format(statement=statement), picture],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
    )
    wall_s, cpu_s = json.loads(done.stdout.splitlines()[-1])
    return wall_s, cpu_s


def peak_memory_mb(folder: Path) -> dict[str, float]:
    """Have each reader, started anew, read a photograph of twelve megapixels."""
    photo = _large_photograph(folder)
    peaks = {}
    for reader in READERS:
        worker = Worker(reader)
        worker.read(photo)
        peaks[reader.name] = worker.peak_memory_mb()
        worker.stop()
    return peaks


def _large_photograph(folder: Path) -> Path:
    shot = photograph_from_afar(rendered(0, LARGE_PX_PER_MM), LARGE_PX_PER_MM * LETTER_MM)
    height, width = shot.picture.shape[:2]
    scale = (PHOTO_PX / (height * width)) ** 0.5
    picture = cv2.resize(shot.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return save(np.asarray(picture, np.uint8), folder / "large.jpg", shot.jpeg_quality)
