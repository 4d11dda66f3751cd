"""Write the printed portraits that the benchmark measures, with their pairs, to calibrate document against photo.

Usage: python -m tests.benchmarks.face.print_documents DIR, with CARI_EVAL_DATA; then
python -m tools.face_calibration DIR/pairs.csv --root DIR --kind document --by-folder --central
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import cv2

from tests.benchmarks.face.looking import opened, seeded
from tests.benchmarks.face.photographs import labelled
from tests.benchmarks.face.printing import as_document


def main(folder: Path) -> None:
    """Print the first picture of each person and pair it with the others of that person, or with somebody's."""
    photographs = labelled(Path(os.environ["CARI_EVAL_DATA"]))
    documents, photos = photographs.split()
    rows = []
    for i, document in enumerate(documents):
        path = photographs.paths[document]
        printed = folder / path.parent.name / f"{path.stem}.png"
        printed.parent.mkdir(parents=True, exist_ok=True)
        picture = as_document(opened(path), seeded(path))
        cv2.imwrite(str(printed), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        photo = photos[i % len(photos)]  # the pairs only have to name every picture: by folder, all are scored
        same = int(photographs.people[document] == photographs.people[photo])
        rows.append((printed.relative_to(folder), photographs.paths[photo].resolve(), same))
    with (folder / "pairs.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("a", "b", "same"), *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
