"""How long a pair takes, one process at a time on one thread: warm, and from the first import on."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as Pillow

from specimens import specimen
from tests.benchmarks.face.peer import DLIB_PYTHON
from tests.benchmarks.mrz.readers import ONE_THREAD, ROOT

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (1868, 1382)  # of both pictures
OWN, DLIB, LIBRARIES_ALONE = "Cari", "dlib", "cv2 and numpy alone"
WARM = {OWN: (sys.executable, "own_pair"), DLIB: (str(DLIB_PYTHON), "dlib_pair")}
LOAD_PICTURES = "import json, sys, numpy as np; a, b = (np.load(each) for each in json.loads(sys.argv[1])); "
COLD = {
    LIBRARIES_ALONE: (sys.executable, "import cv2, numpy"),
    OWN: (
        sys.executable,
        f"import cari_face, cv2; cv2.setNumThreads(1); {LOAD_PICTURES} cari_face.compare(a, b)",
    ),
    DLIB: (
        str(DLIB_PYTHON),
        (
            f"from tests.benchmarks.face.workers.dlib_pipeline import embed, faces; {LOAD_PICTURES} "
            "[embed(each, face) for each in (a, b) for face in faces(each, 0)]"
        ),
    ),
}
TIMING_PROGRAM = """
import sys, time
started = time.perf_counter(), time.process_time()
{statement}
print(time.perf_counter() - started[0], time.process_time() - started[1])
"""


@dataclass(frozen=True)
class Took:
    """Medians, in milliseconds."""

    wall_ms: float
    cpu_ms: float


def pictures(folder: Path) -> str:
    """Save the page of a specimen passport and a selfie, decoded, and name them as the workers want to be asked."""
    page = specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), date(2026, 1, 1))
    paths = []
    for name, picture in (("passport", page), ("selfie", specimen.sample_selfie())):
        sheet = Pillow.new("RGB", SIZE, (150, 150, 150))
        scale = min(SIZE[0] / picture.width, SIZE[1] / picture.height)
        enlarged = picture.convert("RGB").resize((round(picture.width * scale), round(picture.height * scale)))
        sheet.paste(enlarged, ((SIZE[0] - enlarged.width) // 2, (SIZE[1] - enlarged.height) // 2))
        paths.append(str(folder / f"{name}.npy"))
        np.save(paths[-1], np.asarray(sheet))
    return json.dumps(paths)


def time_warm(pair: str, repeats: int) -> dict[str, Took]:
    """Have both compare the same pair in turns, so that whatever else the machine does hits both alike."""
    workers = {name: _started(python, worker) for name, (python, worker) in WARM.items()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in WARM}
    for repeat in range(repeats + 2):
        for name, worker in workers.items():
            answer = _ask(worker, pair)
            if answer["matches"] != 1:
                raise RuntimeError(f"{name} did not find the face: {answer}")
            if repeat > 1:  # the first two warm up
                times[name].append((answer["wall_s"], answer["cpu_s"]))
    for worker in workers.values():
        worker.communicate()
    return {name: _medians(each) for name, each in times.items()}


def time_cold(pair: str, repeats: int) -> dict[str, Took]:
    """Start each anew so often, in turns: import, load, compare one pair; the interpreter's own start left out."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in COLD}
    for repeat in range(repeats + 1):
        for name, (python, statement) in COLD.items():
            command = [python, "-c", TIMING_PROGRAM.format(statement=statement), pair]
            done = subprocess.run(
                command, check=True, capture_output=True, text=True, cwd=ROOT, env=os.environ | ONE_THREAD
            )
            if repeat:  # the first time also brings files into memory
                wall_s, cpu_s = map(float, done.stdout.split()[-2:])
                times[name].append((wall_s, cpu_s))
    return {name: _medians(each) for name, each in times.items()}


def _started(python: str, worker: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [python, "-m", f"tests.benchmarks.face.workers.{worker}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
    )


def _ask(worker: subprocess.Popen[str], request: str) -> dict[str, float]:
    worker.stdin.write(json.dumps(request) + "\n")
    worker.stdin.flush()
    answer: dict[str, float] = json.loads(worker.stdout.readline())
    return answer


def _medians(times: list[tuple[float, float]]) -> Took:
    return Took(*(1000 * statistics.median(each) for each in zip(*times, strict=True)))
