"""Try every class of fraud on two policies: `python -m tests.benchmarks.fraud` (needs CARI_EVAL_DATA)."""

from __future__ import annotations

import argparse
import os
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.end_to_end import machine
from tests.benchmarks.end_to_end.composites import plan
from tests.benchmarks.face.parallel import for_each
from tests.benchmarks.fraud.classes import CLASSES
from tests.benchmarks.fraud.judging import GENUINE, Instance, judge
from tests.benchmarks.fraud.report import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[3]
CACHE = ROOT / ".build/fraud/evidence.pickle"
SAVED = ROOT / "docs/benchmarks/fraud.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write docs/benchmarks/fraud.md."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--instances", type=int, default=40, metavar="N", help="of each class")
    options.add_argument("--genuine", type=int, default=200, metavar="N", help="cases that are no fraud")
    options.add_argument("--processes", type=int, default=2, metavar="N")
    options.add_argument("--without-print", action="store_true", help="leave out what takes longest")
    options.add_argument("--decide-only", action="store_true", help="decide the evidence of the last run again")
    chosen = options.parse_args(arguments)
    data = os.environ.get("CARI_EVAL_DATA")
    if not data:
        print("CARI_EVAL_DATA names no folder of labelled pictures; there is nothing to measure on.", file=sys.stderr)
        return 2
    if not chosen.decide_only:
        people = plan(Path(data), max(chosen.instances, chosen.genuine))
        names = [name for classes in CLASSES.values() for name in classes]
        instances = [Instance(GENUINE, one, not chosen.without_print) for one in people[: chosen.genuine]]
        instances += [
            Instance(name, one, not chosen.without_print) for one in people[: chosen.instances] for name in names
        ]
        found = for_each(instances, judge, "attempts", chosen.processes)
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        CACHE.write_bytes(pickle.dumps([one for one in found if one]))
    judged = pickle.loads(CACHE.read_bytes())  # noqa: S301  # this program's own
    reads_print = any(one.evidence.printed_text for one in judged)
    SAVED.write_text(markdown(judged, machine.described(), reads_print=reads_print))
    print(SAVED.read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
