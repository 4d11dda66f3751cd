"""Every picture before every reader, one after another; what comes out, in the shape that is reported."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.mrz.conditions import ORIGINAL
from tests.benchmarks.mrz.pictures import AFAR
from tests.benchmarks.mrz.readers import OWN, running
from tests.benchmarks.mrz.scoring import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.benchmarks.mrz.pictures import Taken
    from tests.benchmarks.mrz.readers import Reader
    from tests.benchmarks.mrz.scoring import Outcome


@dataclass(frozen=True)
class Judged:
    """One picture as one reader read it."""

    part: str
    condition: str
    name: str
    reader: str
    letter_px: float | None
    outcome: Outcome


@dataclass(frozen=True)
class Plan:
    """Which of the pictures are read by whom."""

    readers: Sequence[Reader]
    peers_sample: int  # the others read every so-many-th variant; originals and the series from afar whole
    limit: int | None  # pictures of each condition, for a quick look


def survey(pictures: Sequence[Taken], plan: Plan, folder: Path, misread: Path) -> list[Judged]:
    """Read everything in turns, so that whatever else the machine does hits all readers alike.

    Copies of what the own reader did not read exactly, and every reading, are left in `misread`.
    """
    shutil.rmtree(misread, ignore_errors=True)
    misread.mkdir(parents=True)
    judged = []
    with running(plan.readers, _first_file(pictures, folder)) as workers, (misread / "readings.jsonl").open("w") as log:
        for number, (taken, peers_too) in enumerate(_planned(pictures, plan)):
            path, letter_px = taken.make(folder)
            for reader in plan.readers if peers_too else [each for each in plan.readers if each is OWN]:
                reading = workers[reader.name].read(path)
                outcome = judge(reading, taken.lines)
                judged.append(Judged(taken.part, taken.condition, taken.name, reader.name, letter_px, outcome))
                where = {"part": taken.part, "condition": taken.condition, "name": taken.name, "reader": reader.name}
                log.write(json.dumps(where | {"printed": taken.lines} | asdict(reading)) + "\n")
                if reader is OWN and not outcome.exact:
                    shutil.copy(path, misread / f"{number:04}-{taken.condition}-{taken.name}{path.suffix}")
            print(f"\r{number + 1} pictures", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return judged


def _first_file(pictures: Sequence[Taken], folder: Path) -> Path:
    path, _ = pictures[0].make(folder)
    return path


def _planned(pictures: Sequence[Taken], plan: Plan) -> Iterator[tuple[Taken, bool]]:
    """Say for each picture that is read whether the others read it too."""
    conditions: dict[tuple[str, str], list[Taken]] = defaultdict(list)
    for taken in pictures:
        conditions[taken.part, taken.condition].append(taken)
    for place, ((part, condition), those) in enumerate(conditions.items()):
        step = math.ceil(len(those) / plan.limit) if plan.limit else 1
        whole = condition == ORIGINAL or part == AFAR
        for i, taken in enumerate(those[place % step :: step]):
            yield taken, whole or i % plan.peers_sample == place % plan.peers_sample
