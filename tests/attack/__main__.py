"""Attack the service and say what came of it. Exit 1 where anything broke, hung, leaked, or let somebody past.

Usage: python -m tests.attack [--quick] [--seed 1]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from local import sample
from tests.attack import bodies, leftovers, paths, pictures, races
from tests.attack.target import Record, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

MUTANTS, QUICK_MUTANTS = 400, 25  # of each format
QUICK_STEP = 4  # every so manieth operation is spelt in every way
SHOWN = 20  # faults of a kind that are told whole


def main() -> int:
    """Serve the template, attack it kind by kind, print a line for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a sample of each kind, in about two minutes")
    options.add_argument("--seed", default=1, type=int)
    chosen = options.parse_args()
    began, failed = time.monotonic(), False
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        passport, selfie = (made.read_bytes() for made in sample.render(state / "sample"))
        with serving(state) as stack:
            for record in _records(stack, state, selfie, passport, quick=chosen.quick, seed=chosen.seed):
                failed |= _told(record)
    print(f"{'failed' if failed else 'nothing broke'}, in {time.monotonic() - began:.0f} s")
    return int(failed)


def _records(stack: Stack, state: Path, selfie: bytes, passport: bytes, *, quick: bool, seed: int) -> Iterator[Record]:
    operations = paths.operations_of(stack)
    yield from paths.attack(stack, operations, spelt=operations[::QUICK_STEP] if quick else operations)
    yield from bodies.attack(stack, selfie, passport)
    yield from races.attack(stack, selfie, passport)
    yield from pictures.attack(stack, selfie, passport, each=QUICK_MUTANTS if quick else MUTANTS, seed=seed)
    yield from leftovers.attack(stack, state)


def _told(record: Record) -> bool:
    """Print a record, and say whether it holds a fault."""
    counts = " ".join(f"{status}:{count}" for status, count in sorted(record.statuses.items()))
    print(f"{'FAULT' if record.faults else 'ok':6}{record.kind:42}{counts}", flush=True)
    for fault in record.faults[:SHOWN]:
        print(f"        {fault}")
    if len(record.faults) > SHOWN:
        print(f"        and {len(record.faults) - SHOWN} more")
    return bool(record.faults)


if __name__ == "__main__":
    sys.exit(main())
