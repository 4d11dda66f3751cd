"""Restore the tables to a moment, compare, and write back what was lost: `make drill [STACK=cari-prod] [ARGS=…]`.

Without a stack it is a rehearsal, on the local stack with made-up people: backup, loss, restore, and what was erased
stays erased. With one it only reports, unless --write-back names tables. The restored tables are deleted at the end.
Exit status: 1 where something is lost still, 2 where the drill cannot be held.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.restore_drill import comparison, tables
from tools.restore_drill.rehearsal import rehearse

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Hold the drill."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--stack", help="the deployed stack; a rehearsal without it")
    options.add_argument("--at", type=_moment, help="the moment, by RFC 3339; the latest that there is unless said")
    options.add_argument("--write-back", nargs="+", default=[], choices=tables.TABLES, metavar="TABLE")
    options.add_argument(
        "--keep", action="store_true", help="leave the restored tables: delete them yourself, and soon"
    )
    chosen = options.parse_args(arguments)
    try:
        if chosen.stack is None:
            return rehearse()
        session: Any = boto3.Session()
        stack = tables.Deployed.of(chosen.stack, session.client)
        return drill(stack, chosen.at or tables.latest_moment(stack), chosen.write_back, keep=chosen.keep)
    except (tables.DrillRefused, ClientError, BotoCoreError) as error:
        print(error, file=sys.stderr)
        return 2


def drill(stack: tables.Deployed, moment: datetime, write_back: Sequence[str], *, keep: bool) -> int:
    """Restore, compare, report, write back to the tables that are named, and delete what was restored."""
    tables.erased_since(stack, moment)  # before hours of restoring: it may not be to be known
    restored = tables.restore(stack, moment)
    try:
        found = tables.compare(stack, restored, tables.erased_since(stack, moment))
        print(f"As of {moment.isoformat()}:\n{comparison.report(found)}")
        for name in write_back:
            print(f"{name}: wrote {tables.write_back(stack, name, found[name].lost)} of {len(found[name].lost)} back")
    finally:
        if not keep:
            tables.drop(stack, restored)
    return int(any(each.lost for name, each in found.items() if name not in write_back))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
