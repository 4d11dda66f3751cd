"""Judge whole cases, genuine and impostor: `python -m tests.benchmarks.end_to_end` (needs CARI_EVAL_DATA)."""

from __future__ import annotations

import argparse
import os
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.end_to_end import machine, report
from tests.benchmarks.end_to_end.composites import photographed, plan
from tests.benchmarks.end_to_end.judging import judge
from tests.benchmarks.face.parallel import for_each

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[3]
CACHE = ROOT / ".build/end_to_end/evidence.pickle"
OUT = ROOT / "docs/benchmarks"
LOOKED_AT = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Write docs/benchmarks/end-to-end.md and its plot."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=400, metavar="N")
    options.add_argument("--processes", type=int, default=2, metavar="N")
    options.add_argument("--decide-only", action="store_true", help="decide the evidence of the last run again")
    options.add_argument("--look", type=Path, metavar="FOLDER", help="leave some of the documents' pictures there")
    chosen = options.parse_args(arguments)
    data = os.environ.get("CARI_EVAL_DATA")
    if not data:
        print("CARI_EVAL_DATA names no folder of labelled pictures; there is nothing to measure on.", file=sys.stderr)
        return 2
    composites = plan(Path(data), chosen.documents)
    if not chosen.decide_only:
        found = for_each(composites, judge, "documents", chosen.processes)
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        CACHE.write_bytes(pickle.dumps([one for one in found if one]))
    if chosen.look:
        chosen.look.mkdir(parents=True, exist_ok=True)
        for composite in composites[:LOOKED_AT]:
            for side, page in zip(("front", "back"), photographed(composite) or (), strict=False):
                (chosen.look / f"{composite.number:03}-{side}.jpg").write_bytes(page)
    judged = pickle.loads(CACHE.read_bytes())  # noqa: S301  # this program's own
    (OUT / "end-to-end.svg").write_text(report.curves(judged))
    (OUT / "end-to-end.md").write_text(
        report.markdown(judged, machine.described()).replace(
            "## Reasons", "![alike enough, by threshold](end-to-end.svg)\n\n## Reasons"
        )
    )
    print((OUT / "end-to-end.md").read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
