"""Several readings of one MRZ in, one MRZ out, with what was repaired and what stays in doubt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from .check_digits import FILLER
from .layouts import ANY, layout_of
from .parser import parse
from .place import AMBIGUOUS, Repair, place
from .states import STATE_CODES
from .transcript import UNREAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .layouts import Cell, Layout
    from .mrz import Mrz
    from .transcript import Transcript

Lines: TypeAlias = tuple[str, ...]

AGREEING_READINGS = 2  # what no check digit covers is believed when two readings agree on it
# Check digits count modulo 10. Of what looks alike they cannot tell 0, < and K apart, nor 6 and G, nor 8 and S.
UNSEEN = frozenset("0<K6G8S")
MAX_DISPUTED_CELLS = 8  # with more, some combination satisfies the check digits by luck


@dataclass(frozen=True)
class Settled:
    """What several readings come to."""

    mrz: Mrz
    repairs: tuple[Repair, ...]
    doubtful: tuple[Cell, ...]

    @property
    def valid(self) -> bool:
        """Whether the MRZ is valid and nothing that its check digits do not cover is in doubt."""
        return self.mrz.valid and not self.doubtful


def settle(transcripts: Sequence[Transcript]) -> Settled | None:
    """Agree on one MRZ: by position, then by majority, then by check digits. None where no layout fits.

    Where readings differ in cells that check digits cover, the combination nearest to the majority that
    satisfies all of them is taken, if there is just one. Nothing is written that no reading suggests.
    """
    layout = layout_of(_majority([transcript.lines for transcript in transcripts]))
    if layout is None:
        return None
    placed, repairs = place([transcript.lines for transcript in transcripts], layout)
    majority = _majority(placed)
    readings, lines = next(_satisfying(placed, layout), (placed, majority))
    return Settled(
        mrz=parse([line.replace(UNREAD, FILLER) for line in lines]),
        repairs=(*_kept(repairs, lines), *_zeros_for_o(majority, lines)),
        doubtful=tuple(
            sorted(
                {
                    *_unproven(readings, lines, layout),
                    *_rivalled(lines, placed, layout),
                    *_of_no_state(lines, layout),
                }
            )
        ),
    )


def _majority(readings: Sequence[Lines]) -> Lines:
    return tuple(
        "".join(_votes(characters)[0] for characters in zip(*same_line, strict=True))
        for same_line in zip(*readings, strict=True)
    )


def _votes(characters: Sequence[str]) -> list[str]:
    """List what was read in one cell, most votes first; UNREAD only where nothing was."""
    counted = [character for character, _ in Counter(characters).most_common() if character != UNREAD]
    return counted or [UNREAD]


def _satisfying(readings: Sequence[Lines], layout: Layout) -> Iterator[tuple[Sequence[Lines], Lines]]:
    """Try what was read, then the same with every O of a number taken for a zero.

    The second comes first where readings dispute an O with a zero: then the engine cannot tell them apart,
    and a mixture of both would satisfy a check digit by luck.
    """
    with_zeros = [_o_as_zero(lines, layout) for lines in readings]
    disputes_o = any({"O", "0"} <= set(options) for options in _disputed(readings, layout).values())
    for candidates in (with_zeros,) if disputes_o else (readings, with_zeros):
        lines = _nearest_satisfying(candidates, layout)
        if lines:
            yield candidates, lines


def _o_as_zero(lines: Lines, layout: Layout) -> Lines:
    return tuple(
        "".join(
            "0" if character == "O" and picture == ANY and (i, j) in layout.checked_cells else character
            for j, (character, picture) in enumerate(zip(line, layout.pictures[i], strict=True))
        )
        for i, line in enumerate(lines)
    )


def _disputed(readings: Sequence[Lines], layout: Layout) -> dict[Cell, list[str]]:
    """List the cells under some check digit where readings differ, each with what was read there."""
    votes = {(i, j): _votes([lines[i][j] for lines in readings]) for i, j in sorted(layout.checked_cells)}
    return {cell: options for cell, options in votes.items() if len(options) > 1}


def _nearest_satisfying(readings: Sequence[Lines], layout: Layout) -> Lines | None:
    """Find the one combination nearest to the majority whose check digits all agree, if there is just one."""
    majority = _majority(readings)
    disputed = _disputed(readings, layout)
    if len(disputed) > MAX_DISPUTED_CELLS:
        return None
    by_votes: dict[int, list[Lines]] = {}
    for choice in product(*disputed.values()):
        lines = _write(majority, dict(zip(disputed, choice, strict=True)))
        if UNREAD not in "".join(lines) and parse(lines).checks_pass:
            by_votes.setdefault(_votes_for(lines, disputed, readings), []).append(lines)
    nearest = by_votes[max(by_votes)] if by_votes else []
    return nearest[0] if len(nearest) == 1 else None


def _votes_for(lines: Lines, cells: Iterable[Cell], readings: Sequence[Lines]) -> int:
    return sum(reading[i][j] == lines[i][j] for i, j in cells for reading in readings)


def _write(lines: Lines, characters: dict[Cell, str]) -> Lines:
    return tuple(
        "".join(characters.get((i, j), character) for j, character in enumerate(line)) for i, line in enumerate(lines)
    )


def _rivalled(lines: Lines, readings: Sequence[Lines], layout: Layout) -> Iterator[Cell]:
    """List where an O and a zero would satisfy the check digits alike: several of them may cancel out."""
    majority = _majority(readings)
    for rival in (majority, _o_as_zero(majority, layout)):
        if UNREAD not in "".join(rival) and parse(rival).checks_pass:
            yield from _differing(lines, rival)


def _of_no_state(lines: Lines, layout: Layout) -> Iterator[Cell]:
    """List the cells of a country or nationality that is no State's code."""
    for name in ("country", "nationality"):
        span = layout.fields.get(name)
        if span and span.of(lines).rstrip(FILLER) not in STATE_CODES:
            yield from ((span.line, column) for column in range(span.start, span.end))


def _differing(one: Lines, other: Lines) -> Iterator[Cell]:
    for i, (row, other_row) in enumerate(zip(one, other, strict=True)):
        yield from ((i, j) for j, pair in enumerate(zip(row, other_row, strict=True)) if pair[0] != pair[1])


def _unproven(readings: Sequence[Lines], lines: Lines, layout: Layout) -> Iterator[Cell]:
    """List the cells that no check digit proves and too few readings agree on."""
    for i, line in enumerate(lines):
        for j, character in enumerate(line):
            agreeing = sum(reading[i][j] == character for reading in readings)
            is_letter_or_digit = layout.pictures[i][j] == ANY and character in AMBIGUOUS
            is_unproven = (i, j) not in layout.checked_cells
            is_unseen = character in UNSEEN
            too_few = agreeing < AGREEING_READINGS
            if character == UNREAD or (too_few and (is_unproven or is_unseen)) or (is_unproven and is_letter_or_digit):
                yield i, j


def _kept(repairs: Sequence[Repair], lines: Lines) -> Iterator[Repair]:
    return (repair for repair in repairs if lines[repair.line][repair.column] == repair.written)


def _zeros_for_o(majority: Lines, lines: Lines) -> Iterator[Repair]:
    for i, j in _differing(majority, lines):
        if (majority[i][j], lines[i][j]) == ("O", "0"):
            yield Repair(i, j, "O", "0", "check digit")
