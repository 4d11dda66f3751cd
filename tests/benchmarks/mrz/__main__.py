"""Measure MRZ readers on labelled pictures, their variants and phone photographs; `make bench-mrz` runs this.

The labelled pictures are not part of the project: CARI_EVAL_DATA names their folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import tempfile
from pathlib import Path

import cv2

from tests.benchmarks.mrz import machine, plot, report
from tests.benchmarks.mrz.footprint import first_reads, peak_memory_mb
from tests.benchmarks.mrz.pictures import all_pictures
from tests.benchmarks.mrz.readers import RAPIDOCR, READERS, ROOT
from tests.benchmarks.mrz.specimens import labelled
from tests.benchmarks.mrz.surveys import Plan, survey

SAVED = ROOT / "docs/benchmarks"
MISREAD = ROOT / ".build/bench-mrz"
NAME, PLOT = "mrz", "mrz-letter-height.svg"
REPEATS = 9  # fresh processes for each start-up time


def main() -> int:
    """Print the tables; save them unless only a part was measured."""
    asked = _options().parse_args()
    folder = os.environ.get("CARI_EVAL_DATA")
    if not folder:
        print("CARI_EVAL_DATA is not set: it must name the folder of labelled pictures.", file=sys.stderr)
        return 2
    if not RAPIDOCR.python.exists():
        print("rapidocr is not installed: run `make bench-mrz`, which installs it.", file=sys.stderr)
        return 2
    cv2.setNumThreads(1)
    readers = [reader for reader in READERS if not asked.reader or reader.name in asked.reader]
    specimens = labelled(Path(folder))
    pictures = [each for each in all_pictures(specimens) if not asked.part or each.part in asked.part]
    with tempfile.TemporaryDirectory() as temporary:
        figures = report.Figures(
            machine=machine.described(),
            first_reads=first_reads(Path(temporary), REPEATS),
            peak_memory_mb=peak_memory_mb(Path(temporary)),
            judged=survey(pictures, Plan(readers, asked.peers_sample, asked.limit), Path(temporary), MISREAD),
            arguments=f" ARGS={shlex.quote(' '.join(sys.argv[1:]))}" if sys.argv[1:] else "",
            peers_sample=asked.peers_sample,
        )
    print(report.markdown(figures, PLOT))
    if not (asked.limit or asked.reader or asked.part):
        _save(figures)
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peers-sample", type=int, default=3, metavar="N", help="peers read one in N variants")
    options.add_argument("--limit", type=int, metavar="N", help="N pictures a condition, and save nothing")
    options.add_argument("--reader", action="append", help="only this one, and save nothing")
    options.add_argument("--part", action="append", help="labelled, phone or afar only, and save nothing")
    return options


def _save(figures: report.Figures) -> None:
    SAVED.mkdir(parents=True, exist_ok=True)
    rates: dict[str, dict[float, float]] = {}
    for height, reader, each in report.by_letter_height(figures.judged):
        rates.setdefault(reader, {})[float(height.split()[0])] = each.exact or 0.0
    (SAVED / f"{NAME}.md").write_text(report.markdown(figures, PLOT))
    (SAVED / f"{NAME}.json").write_text(json.dumps(report.as_json(figures), indent=1) + "\n")
    (SAVED / PLOT).write_text(plot.read_rates(rates))


if __name__ == "__main__":
    sys.exit(main())
