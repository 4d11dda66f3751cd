"""Every picture of the benchmark, grouped as it is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.mrz import conditions, phone
from tests.benchmarks.mrz.sheets import FORMATS, rendered, scanned, without_mrz

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.benchmarks.mrz.sheets import Sheet
    from tests.benchmarks.mrz.specimens import Specimen

EXIF = "EXIF 2-8"
LABELLED, PHONE, AFAR = "labelled", "phone", "afar"
EVERY_SCAN = 3  # of the labelled specimens lies before the phone, and as many rendered documents
BLANKS = 3  # documents without an MRZ


@dataclass(frozen=True)
class Taken:
    """A picture, made when it is asked for, and what is printed on it."""

    part: str  # LABELLED, PHONE or AFAR
    condition: str
    name: str
    lines: tuple[str, ...] | None
    make: Callable[[Path], tuple[Path, float | None]]  # in a folder: the file, and the height of its letters if known


def all_pictures(specimens: Sequence[Specimen]) -> list[Taken]:
    """List them, condition by condition."""
    return [*_labelled(specimens), *_phone(specimens), *_from_afar()]


def _labelled(specimens: Sequence[Specimen]) -> Iterator[Taken]:
    counted = [specimen for specimen in specimens if specimen.group in {"main", "negative"}]
    for specimen in counted:
        yield _as_it_is(specimen, conditions.ORIGINAL)
    for condition in conditions.CONDITIONS:
        for specimen in counted:
            yield _variant(specimen, condition)
    for specimen in specimens:
        if specimen.group == "exif":
            yield _as_it_is(specimen, EXIF)


def _as_it_is(specimen: Specimen, condition: str) -> Taken:
    return Taken(LABELLED, condition, specimen.path.name, specimen.lines, lambda _folder: (specimen.path, None))


def _variant(specimen: Specimen, condition: str) -> Taken:
    def make(folder: Path) -> tuple[Path, None]:
        return conditions.save_variant(specimen, condition, folder), None

    return Taken(LABELLED, condition, specimen.path.name, specimen.lines, make)


def _phone(specimens: Sequence[Specimen]) -> Iterator[Taken]:
    scans = [scanned(specimen) for specimen in specimens if specimen.group == "main"][::EVERY_SCAN]
    sheets = [*map(rendered, range(len(FORMATS))), *scans, *map(without_mrz, range(BLANKS))]
    for condition in phone.CONDITIONS:
        for sheet in sheets:
            yield _photograph(sheet, condition)


def _photograph(sheet: Sheet, condition: str) -> Taken:
    def make(folder: Path) -> tuple[Path, float | None]:
        return _saved(phone.photograph(sheet, condition), folder)

    return Taken(PHONE, condition, sheet.name, sheet.lines, make)


def _from_afar() -> Iterator[Taken]:
    sheets = [rendered(len(FORMATS) + number) for number in range(len(FORMATS))]
    for letter_px in phone.LETTER_HEIGHTS_PX:
        for sheet in sheets:
            yield _photograph_from_afar(sheet, letter_px)


def _photograph_from_afar(sheet: Sheet, letter_px: int) -> Taken:
    def make(folder: Path) -> tuple[Path, float | None]:
        return _saved(phone.photograph_from_afar(sheet, letter_px), folder)

    return Taken(AFAR, f"{letter_px} px", sheet.name, sheet.lines, make)


def _saved(shot: phone.Shot, folder: Path) -> tuple[Path, float | None]:
    return conditions.save(shot.picture, folder / "shot.jpg", shot.jpeg_quality), shot.letter_px
