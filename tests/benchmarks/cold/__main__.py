"""What a cold start pays: `make bench-cold` builds, prints it and writes docs/benchmarks/cold.md.

Usage: python -m tests.benchmarks.cold BUILD… [--times 5] [--only mrz,verify] [--hold]
       BUILD: what `sam build` and tools.packaging left, one folder for each processor; imports are measured in those
       of this machine's. --hold exits 1 where a function pays for more than its budget, by what it loads.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from local.built import functions_of
from tests.benchmarks.cold import imports, report

WRITTEN = Path(__file__).parents[3] / "docs" / "benchmarks" / "cold.md"


def main() -> int:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("builds", nargs="+", type=Path)
    options.add_argument("--times", type=int, default=5, help="fresh processes for each function; the best counts")
    options.add_argument("--hold", action="store_true", help="compare modules with their budget; write nothing")
    chosen = options.parse_args()
    if chosen.hold:
        faults = [fault for build in chosen.builds for each in functions_of(build) for fault in imports.faults(each)]
        print(*faults or ["every function loads what it is meant to"], sep="\n")
        return int(bool(faults))
    rows = [report.row(each, chosen.times) for build in chosen.builds for each in functions_of(build)]
    written = report.markdown(rows)
    print(written)
    WRITTEN.write_text(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
