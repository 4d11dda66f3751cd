"""Compare faces: python -m cari_face compare A B, or compare --pairs PAIRS.csv --root DIR.

Prints one JSON line per pair, in order: `similarity` and `fmr` (see cari_face.similarity) of the face of B that is
most like the largest face of A; both null, with a `reason`, where no answer can be given.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cari_common.errors import ImageRejected
from cari_face import compare
from cari_imaging import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


PAIR = 2  # pictures
NO_PICTURE, NO_FACE = "no_picture", "no_face"


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer 0 where every picture could be opened, 1 where one could not; its line then says so."""
    options = argparse.ArgumentParser(prog="python -m cari_face", description=__doc__)
    command = options.add_subparsers(required=True).add_parser(
        "compare", help="say how alike the faces of pictures are"
    )
    command.add_argument("pictures", nargs="*", type=Path, metavar="PICTURE", help="two of them")
    command.add_argument("--pairs", type=Path, metavar="CSV", help="pairs instead, in columns a and b")
    command.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="what the paths in CSV start from")
    chosen = options.parse_args(arguments)
    if (chosen.pairs is None) != (len(chosen.pictures) == PAIR):
        command.error("name two pictures, or --pairs")
    opened = True
    for a, b in _pairs(chosen):
        answer = _answer(a, b)
        opened = opened and answer["reason"] != NO_PICTURE
        print(json.dumps(answer), flush=True)
    return 0 if opened else 1


def _pairs(chosen: argparse.Namespace) -> Iterator[tuple[Path, Path]]:
    if chosen.pairs is None:
        yield chosen.pictures[0], chosen.pictures[1]
        return
    with chosen.pairs.open(newline="") as rows:
        yield from ((chosen.root / row["a"], chosen.root / row["b"]) for row in csv.DictReader(rows))


def _answer(a: Path, b: Path) -> dict[str, Any]:
    """Compare two files."""
    answer: dict[str, Any] = {"a": str(a), "b": str(b), "similarity": None, "fmr": None, "reason": None}
    try:
        comparison = compare(*(decode(path.read_bytes()) for path in (a, b)))
    except (OSError, ImageRejected) as refusal:
        print(refusal, file=sys.stderr)
        return answer | {"reason": NO_PICTURE}
    if not comparison.matches:
        return answer | {"reason": NO_FACE}
    best = comparison.matches[0]
    return answer | {"similarity": round(best.similarity, 6), "fmr": best.fmr}


if __name__ == "__main__":
    sys.exit(main())
