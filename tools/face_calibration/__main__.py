"""Find out what a similarity means on one's own pictures: python -m tools.face_calibration PAIRS.csv --root DIR.

Prints, for the embedder that is built in, which cosine is reached by which share of strangers (false match rate, FMR),
and how many genuine pairs do not reach it (false non-match rate, FNMR).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cari_core.errors import ImageRejected
from cari_face.models import PairKind, built_in
from tools.face_calibration.calibrate_pictures import calibrate_pictures, central, main_face
from tools.face_calibration.calibration_text import as_table, as_toml, draw_calibration, draw_det
from tools.face_calibration.labelled import read_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer 0 where the pictures were measured, 1 where one cannot be opened or the pairs are too few."""
    chosen = _options().parse_args(arguments)
    model = built_in().name
    try:
        calibrated = calibrate_pictures(
            read_pairs(chosen.pairs),
            chosen.root,
            chosen.kind,
            central if chosen.central else main_face,
            by_folder=chosen.by_folder,
        )
    except (OSError, ImageRejected, ValueError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(as_table(model, calibrated))
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
        (chosen.out / "calibration.toml").write_text(as_toml(model, calibrated))
        (chosen.out / "det.svg").write_text(draw_det({chosen.kind: calibrated.calibration.pair_rates}))
        (chosen.out / "calibration.svg").write_text(draw_calibration(calibrated))
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="python -m tools.face_calibration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("pairs", type=Path, metavar="CSV", help="pairs in columns a, b and same (1 or 0)")
    options.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="what the paths in CSV start from")
    options.add_argument(
        "--kind",
        type=PairKind,
        choices=tuple(PairKind),
        default=PairKind.PHOTO,
        help="document: the first of each two shows a document, the second a photo",
    )
    options.add_argument(
        "--by-folder", action="store_true", help="score every pair of the pictures; a folder is one person"
    )
    options.add_argument("--central", action="store_true", help="take the face in the middle, not the largest")
    options.add_argument("--out", type=Path, metavar="DIR", help="write calibration.toml and curves there")
    return options


if __name__ == "__main__":
    sys.exit(main())
