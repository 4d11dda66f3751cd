"""Compare faces: python -m cari_face compare.

compare A B, or compare --pairs PAIRS.csv --root DIR: prints one JSON line per pair, in order: `similarity` and `fmr`
(see cari_core.similarity) of the face of B that is most like the one chosen in A (see cari_face.portrait); both
null, with a `reason`, where no answer can be given. `fnmr` says how often a threshold at just this similarity would
refuse the right person; `reasons`, what would make better pictures.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2

from cari_core.errors import ImageRejected
from cari_face import compare
from cari_face.annotate import annotate_source, annotate_target
from cari_face.models import PairKind, UncalibratedModelError
from cari_imaging import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cari_face import FaceComparison
    from cari_imaging import Image

PICTURES_PER_PAIR = 2
NO_PICTURE, NO_FACE = "no_picture", "no_face"


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer 0 where every picture could be opened, 1 where one could not; its line then says so."""
    options = argparse.ArgumentParser(
        prog="python -m cari_face", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = options.add_subparsers(required=True)
    _add_compare(commands.add_parser("compare", help="say how alike the faces of pictures are"))
    chosen = options.parse_args(arguments)
    status: int = chosen.run(chosen)
    return status


def _add_compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("pictures", nargs="*", type=Path, metavar="PICTURE", help="two of them")
    command.add_argument("--pairs", type=Path, metavar="CSV", help="pairs instead, in columns a and b")
    _add_root(command)
    _add_kind(command)
    command.add_argument("--annotate", type=Path, metavar="DIR", help="draw what was found, and write it there")
    command.set_defaults(run=_compare, refuse=command.error)


def _add_root(command: argparse.ArgumentParser) -> None:
    command.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="what the paths in CSV start from")


def _add_kind(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--kind",
        type=PairKind,
        choices=tuple(PairKind),
        default=PairKind.PHOTO,
        help="document: the first of each two shows a document, the second a photo",
    )


def _compare(chosen: argparse.Namespace) -> int:
    if (chosen.pairs is None) != (len(chosen.pictures) == PICTURES_PER_PAIR):
        chosen.refuse("name two pictures, or --pairs")
    opened = True
    for number, (a, b) in enumerate(_pairs(chosen), 1):
        try:
            answer = _answer(a, b, chosen.kind, chosen.annotate, number)
        except UncalibratedModelError as refusal:
            chosen.refuse(str(refusal))
        opened = opened and answer["reason"] != NO_PICTURE
        print(json.dumps(answer), flush=True)
    return 0 if opened else 1


def _pairs(chosen: argparse.Namespace) -> Iterator[tuple[Path, Path]]:
    if chosen.pairs is None:
        yield chosen.pictures[0], chosen.pictures[1]
        return
    with chosen.pairs.open(newline="") as rows:
        yield from ((chosen.root / row["a"], chosen.root / row["b"]) for row in csv.DictReader(rows))


def _answer(a: Path, b: Path, kind: PairKind, annotated: Path | None, number: int) -> dict[str, Any]:
    """Compare two files: paths, similarity and error rates as ratios 0..1, a reason where there are none."""
    answer: dict[str, Any] = {"a": str(a), "b": str(b), "similarity": None, "fmr": None, "fnmr": None, "reason": None}
    try:
        source, target = (decode(path.read_bytes()) for path in (a, b))
    except (OSError, ImageRejected) as refusal:
        print(refusal, file=sys.stderr)
        return answer | {"reason": NO_PICTURE}
    comparison = compare(source, target, kind=kind)
    answer["reasons"] = {"a": list(comparison.source_reasons), "b": list(comparison.target_reasons)}
    if annotated:
        _draw(comparison, source, annotated / f"{number:04}-a-{a.stem}.png", annotate_source)
        _draw(comparison, target, annotated / f"{number:04}-b-{b.stem}.png", annotate_target)
    if not comparison.matches:
        return answer | {"reason": NO_FACE}
    best = comparison.matches[0]
    return answer | {"similarity": round(best.similarity, 6), "fmr": best.fmr, "fnmr": best.fnmr}


def _draw(
    comparison: FaceComparison, image: Image, path: Path, annotate: Callable[[Image, FaceComparison], Image]
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _, png = cv2.imencode(".png", cv2.cvtColor(annotate(image, comparison), cv2.COLOR_RGB2BGR))
    path.write_bytes(png.tobytes())


if __name__ == "__main__":
    sys.exit(main())
