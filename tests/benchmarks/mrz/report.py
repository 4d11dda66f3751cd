"""The figures as tables: Markdown for people, and the same as JSON."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tests.benchmarks.mrz.phone import LETTER_HEIGHTS_PX
from tests.benchmarks.mrz.pictures import AFAR, LABELLED, PHONE
from tests.benchmarks.mrz.readers import OWN
from tests.benchmarks.mrz.scoring import score
from tests.benchmarks.mrz.specimens import DISPUTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.benchmarks.mrz.footprint import FirstRead
    from tests.benchmarks.mrz.scoring import Score
    from tests.benchmarks.mrz.surveys import Judged

INTRODUCTION = """\
# MRZ readers, measured side by side

Made by `CARI_EVAL_DATA=… make bench-mrz{arguments}`; the figures as JSON are in [mrz.json](mrz.json).

Every reader runs in a process of its own on one thread and gets the same files, one by one and in turns, so that
whatever else the machine does hits all alike. **Cari** is the project's own reader alone, without fallback engines.
**PassportEye** reads with Tesseract's `eng`, its default; Debian packages no model of Tesseract for MRZs, and none was
taken from elsewhere. **rapidocr** is a general OCR model whose wheel brings its weights; its texts are put together
to an MRZ, with letters and digits exchanged where only the others may stand (`tests/benchmarks/mrz/assembly.py`), and
what it read counts as valid when every check digit agrees. Turned pictures are left to its own classifier of
upside-down text, which takes many MRZ lines for upright. {sampled}

## What the columns say
- **MRZs**: pictures with an MRZ that the reader was given.
- **exact**: every character of every line, without exception.
- **key fields**: document number, nationality, birth and expiry all exact, as far as the format has them.
- **valid**: called valid by the reader itself. Specimens printed with wrong check digits should not be.
- **valid but wrong**: called valid although a character differs from the print, or although there is no MRZ: a count.
- **none found**: of the pictures without an MRZ, those answered "not found".
- **CPU**: milliseconds of processor time for a picture, opening the file and child processes included: the median, and
  what 90 % stay below.
"""

PHONE_INTRODUCTION = """
## As a phone photographs them

Rendered documents of every format, one in three labelled specimens, and documents without an MRZ, each laid on a drawn
surface and seen through a pinhole camera: one difficulty at a time, then all together (each at about half its worst).
"""
AFAR_INTRODUCTION = """
### By height of the letters

Rendered documents from near to far, nearly face on, with little noise. Height is that of a capital on the picture.
"""
FIRST_READ_INTRODUCTION = """
## Starting up, and memory

From the first import to the first answer, in a fresh process that reads one photograph of a rendered passport; the
interpreter's own start is not counted. Medians.
"""
MEMORY_INTRODUCTION = """
Peak memory (VmHWM) of the process after one photograph of 12 megapixels; Tesseract's own processes are not counted.
"""

READ_HEADER = (
    "condition", "reader", "MRZs", "exact", "key fields", "valid", "valid but wrong", "none found", "CPU", "CPU 90 %",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """Everything that is reported."""

    judged: Sequence[Judged]
    first_reads: Mapping[str, FirstRead]
    peak_memory_mb: Mapping[str, float]
    machine: Mapping[str, str]
    arguments: str
    peers_sample: int


def markdown(figures: Figures, plot_name: str) -> str:
    """Write the report."""
    every = figures.peers_sample
    sampled = (
        f"The peers read every labelled original and the whole series by letter height, and of the rest one in {every}."
        if every > 1
        else "Every reader read every picture."
    )
    return "\n".join(
        (
            INTRODUCTION.format(arguments=figures.arguments, sampled=sampled),
            "## Labelled specimens and their variants\n",
            _table(READ_HEADER, _rows(scores(figures.judged, LABELLED))),
            "\n### All of these together\n",
            _table(READ_HEADER, _rows(_totals(figures.judged, LABELLED))),
            _undisputed(figures.judged),
            _speed(figures.judged),
            PHONE_INTRODUCTION,
            _table(READ_HEADER, _rows(scores(figures.judged, PHONE))),
            "\n### All of these together\n",
            _table(READ_HEADER, _rows(_totals(figures.judged, PHONE))),
            AFAR_INTRODUCTION,
            _table(READ_HEADER, _rows(by_letter_height(figures.judged))),
            f"\n![read rate by letter height]({plot_name})",
            FIRST_READ_INTRODUCTION,
            _table(("", "wall ms", "CPU ms", "CPU, by cv2 and numpy alone"), _first_read_rows(figures.first_reads)),
            MEMORY_INTRODUCTION,
            _table(("", "MB"), [(name, f"{peak:.0f}") for name, peak in figures.peak_memory_mb.items()]),
            "\n## With what and where\n",
            _table(("", ""), list(figures.machine.items())),
            "",
        )
    )


def as_json(figures: Figures) -> dict[str, Any]:
    """Give the same figures by condition and reader."""
    parts = {
        "labelled": scores(figures.judged, LABELLED),
        "labelled_together": _totals(figures.judged, LABELLED),
        "phone": scores(figures.judged, PHONE),
        "phone_together": _totals(figures.judged, PHONE),
        "letter_height_px": by_letter_height(figures.judged),
    }
    return {
        **{part: [_named(*row) for row in rows] for part, rows in parts.items()},
        "first_read": {name: asdict(each) for name, each in figures.first_reads.items()},
        "peak_memory_mb": dict(figures.peak_memory_mb),
        "peers_sample": figures.peers_sample,
        "machine": dict(figures.machine),
    }


def scores(judged: Sequence[Judged], part: str) -> list[tuple[str, str, Score]]:
    """Score every reader under every condition of a part."""
    those = [each for each in judged if each.part == part]
    return _scored(those, [each.condition for each in those])


def by_letter_height(judged: Sequence[Judged]) -> list[tuple[str, str, Score]]:
    """Score every reader by the measured height of the letters, sorted to the nearest of the series."""
    those = [each for each in judged if each.part == AFAR and each.letter_px is not None]
    return _scored(those, [f"{_nearest_height(each.letter_px or 0.0)} px" for each in those])


def _nearest_height(letter_px: float) -> int:
    return min(LETTER_HEIGHTS_PX, key=lambda height: abs(height - letter_px))


def _totals(judged: Sequence[Judged], part: str) -> list[tuple[str, str, Score]]:
    those = [each for each in judged if each.part == part]
    return _scored(those, ["all"] * len(those))


def _scored(judged: Sequence[Judged], conditions: Sequence[str]) -> list[tuple[str, str, Score]]:
    groups: dict[tuple[str, str], list[Judged]] = {}
    for condition in dict.fromkeys(conditions):
        for reader in dict.fromkeys(each.reader for each in judged):
            groups[condition, reader] = []
    for condition, each in zip(conditions, judged, strict=True):
        groups[condition, each.reader].append(each)
    return [
        (condition, reader, score([each.outcome for each in those]))
        for (condition, reader), those in groups.items()
        if those
    ]


def _undisputed(judged: Sequence[Judged]) -> str:
    """Say how many valid reads were wrong apart from the picture whose label is in doubt."""
    those = [each for each in judged if each.part == LABELLED and each.name != DISPUTED]
    counts = ", ".join(f"{reader} {each.valid_but_wrong}" for _, reader, each in _scored(those, ["all"] * len(those)))
    return (
        f"\nOne picture labelled as without an MRZ, `{DISPUTED}`, is a drawing that shows two whole MRZ lines. It "
        f"counts as labelled; without it, valid but wrong are: {counts}."
    )


def _speed(judged: Sequence[Judged]) -> str:
    """Compare the processor's time on those pictures that both readers read."""
    labelled = [each for each in judged if each.part == LABELLED]
    own_s = {(each.condition, each.name): each.outcome.cpu_s for each in labelled if each.reader == OWN.name}
    lines = []
    for reader in dict.fromkeys(each.reader for each in labelled if each.reader != OWN.name):
        those = [each for each in labelled if each.reader == reader and (each.condition, each.name) in own_s]
        if those:
            peer_ms = 1000 * statistics.median(each.outcome.cpu_s for each in those)
            own_ms = 1000 * statistics.median(own_s[each.condition, each.name] for each in those)
            lines.append(
                f"\nOn the {len(those)} of these that both read, the median is {own_ms:.0f} ms for {OWN.name} and "
                f"{peer_ms:.0f} ms for {reader}: {peer_ms / own_ms:.0f} times as long."
            )
    return "\n".join(lines)


def _first_read_rows(reads: Mapping[str, FirstRead]) -> list[tuple[str, ...]]:
    alone = next(iter(reads.values()), None)
    return [
        (name, f"{each.wall_ms:.0f}", f"{each.cpu_ms:.0f}", f"{each.cpu_ms / alone.cpu_ms:.2f}" if alone else "")
        for name, each in reads.items()
    ]


def _rows(rows: Iterable[tuple[str, str, Score]]) -> list[tuple[str, ...]]:
    return [
        (
            condition,
            reader,
            str(each.pictures),
            _percent(each.exact),
            _percent(each.key_fields),
            _percent(each.valid),
            str(each.valid_but_wrong),
            f"{each.not_found} of {each.without_mrz}" if each.without_mrz else "–",
            _ms(each.median_cpu_ms),
            _ms(each.p90_cpu_ms),
        )
        for condition, reader, each in rows
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _named(condition: str, reader: str, each: Score) -> dict[str, Any]:
    return {"condition": condition, "reader": reader, **asdict(each)}


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows))
