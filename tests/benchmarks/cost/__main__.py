"""What a call costs at list prices: `make bench-cost` prints it and writes docs/benchmarks/cost.md.

Usage: python -m tests.benchmarks.cost [--times 7] [--hold]
       --hold exits 1 where a call asks more of AWS than tests/benchmarks/cost/counts.py says; it measures no time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.cost import counts, kinds, memory, report
from tests.benchmarks.cost.metering import metered

WRITTEN = Path(__file__).parents[3] / "docs" / "benchmarks" / "cost.md"


def main() -> int:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=7, help="of each call; the median by CPU time counts")
    options.add_argument("--hold", action="store_true", help="compare the counted requests; write nothing")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as state, metered(Path(state)) as (stack, meter):
        if chosen.hold:
            faults = counts.faults(kinds.measured(stack, meter, 1))
            print(*faults or ["every call asks of AWS what it is meant to"], sep="\n")
            return int(bool(faults))
        used = kinds.measured(stack, meter, chosen.times)
        sent = kinds.Sent(stack, meter, {})
        held = memory.under_quota(lambda: sent.verify("easy passport"), chosen.times)
    written = report.markdown(used, held, chosen.times)
    print(written)
    WRITTEN.write_text(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
