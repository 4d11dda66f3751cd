"""Measure how often altered print is noticed, and how often true print is doubted.

`python -m tests.benchmarks.printed_text`; with CARI_EVAL_DATA the published specimens, too.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.face.parallel import for_each
from tests.benchmarks.mrz.specimens import labelled
from tests.benchmarks.printed_text.altering import FIELDS
from tests.benchmarks.printed_text.reading import published, rendered
from tests.benchmarks.printed_text.report import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[3]
CACHE = ROOT / ".build/printed_text/read.pickle"
SAVED = ROOT / "docs/benchmarks/printed-text.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write docs/benchmarks/printed-text.md."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=200, metavar="N")
    options.add_argument("--processes", type=int, default=2, metavar="N")
    options.add_argument("--compare-only", action="store_true", help="compare what the last run read again")
    chosen = options.parse_args(arguments)
    data = os.environ.get("CARI_EVAL_DATA")
    if not data:
        print("CARI_EVAL_DATA names no folder of labelled pictures; there is nothing to measure on.", file=sys.stderr)
        return 2
    if not chosen.compare_only:
        specimens = [specimen.path for specimen in labelled(Path(data)) if specimen.lines]
        true = for_each(specimens, published, "published", chosen.processes)
        cases = [(number, altered) for number in range(chosen.documents) for altered in (None, *FIELDS)]
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        CACHE.write_bytes(pickle.dumps((true, for_each(cases, rendered, "rendered", chosen.processes))))
    true, made = pickle.loads(CACHE.read_bytes())  # noqa: S301  # this program's own
    SAVED.write_text(markdown(true, made))
    print(SAVED.read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
