"""Let AWS fail in every way that it does, and say what held. Exit 1 where anything did not.

Usage: python -m tests.faults [--quick] [--only WORDS]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from local.stack import running
from tests.faults import later, report
from tests.faults.cases import CASES
from tests.faults.running import run

if TYPE_CHECKING:
    from local.stack import Stack

AGAIN_S = {"WorkQueue": "2", "BatchQueue": "4"}  # in place of minutes: after how long a message that failed comes again


def main() -> int:
    """Serve the template, let each case fail in it, print a line for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="the cases that differ most, in about a minute")
    options.add_argument("--only", default="", help="the cases whose names have these words in them")
    chosen = options.parse_args()
    cases = [case for case in CASES if chosen.only in case.name and (case.is_quick or not chosen.quick)]
    began, reports = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder, running(state=Path(folder)) as stack:
        _hurry(stack)
        later.be_the_worker(stack)
        for case in cases:
            reports.append(run(stack, case, Path(folder) / "functions.log"))
            print(report.line(reports[-1]), flush=True)
    has_failed = any(each.broken for each in reports)
    print(f"{'failed' if has_failed else 'everything held'}, in {time.monotonic() - began:.0f} s")
    if not chosen.quick and not chosen.only:
        report.write(reports)
    return int(has_failed)


def _hurry(stack: Stack) -> None:
    sqs = stack.cloud.client("sqs")
    for queue, seconds in AGAIN_S.items():
        url = stack.cloud.outputs[f"{queue}Url"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": seconds})


if __name__ == "__main__":
    sys.exit(main())
