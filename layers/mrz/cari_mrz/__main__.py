"""Read the MRZ of each picture and print one JSON line for it: python -m cari_mrz IMAGE… [--annotate DIR]."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2

from cari_core.errors import ImageRejected
from cari_imaging import decode

from .annotate import annotate
from .answer import as_answer
from .reader import read
from .reading import MrzReading, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer 0 where every picture could be opened, 1 where one could not; its line then says so."""
    options = argparse.ArgumentParser(prog="python -m cari_mrz", description=__doc__)
    options.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    options.add_argument("--annotate", type=Path, metavar="DIR", help="write each picture there with what was read")
    chosen = options.parse_args(arguments)
    opened = True
    for path in chosen.images:
        answer, was_opened = _answer(path, chosen.annotate)
        print(json.dumps(answer), flush=True)
        opened = opened and was_opened
    return 0 if opened else 1


def _answer(path: Path, drawn: Path | None) -> tuple[dict[str, Any], bool]:
    started = time.perf_counter()
    try:
        image = decode(path.read_bytes())
    except (OSError, ImageRejected) as refusal:
        print(f"{path}: {refusal}", file=sys.stderr)
        return as_answer(MrzReading(decoded=None, reason=Reason.NO_PICTURE), filename=str(path), walltime_s=0.0), False
    reading = read(image)
    answer = as_answer(reading, filename=str(path), walltime_s=time.perf_counter() - started)
    if drawn:
        drawn.mkdir(parents=True, exist_ok=True)
        picture = annotate(image, reading)
        cv2.imwrite(str(drawn / f"{path.stem}.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return answer, True


if __name__ == "__main__":
    sys.exit(main())
