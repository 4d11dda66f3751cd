"""How fast the API is beside its engines: `make bench-api` prints it and writes docs/benchmarks/api.md.

Usage: python -m tests.benchmarks.api [--posts 60] [--imports 9]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.benchmarks.api import imports, posts, report

WRITTEN = Path(__file__).parents[3] / "docs" / "benchmarks" / "api.md"


def main() -> int:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--posts", type=int, default=60, help="at each concurrency")
    options.add_argument("--imports", type=int, default=9, help="fresh processes for each function")
    chosen = options.parse_args()
    imported = imports.measured(chosen.imports)
    posted = posts.measured(chosen.posts)
    written = report.markdown(posted, imported)
    print(written)
    WRITTEN.write_text(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
