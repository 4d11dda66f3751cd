"""Which permissions each function uses while the tests run, and which it never does.

Usage: python -m tools.iam_report FOLDER [--hold]   FOLDER: what CARI_IAM_USED named while the tests ran
Writes docs/benchmarks/iam.md; with --hold it writes nothing and exits 1 where a permission is given and never used.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local import template
from local.iam.roles import Deployed, roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from local.iam.policies import Statement

ROOT = Path(__file__).parents[1]
WRITTEN = ROOT / "docs" / "benchmarks" / "iam.md"
GONE_MEANWHILE = "only where the first request ends between two steps of its repetition"
# What no test can use, and why it is given: (function, statement, action).
UNUSED_FOR_A_REASON = {
    ("FaceCompareFunction", "AskRekognition", "rekognition:CompareFaces"): "only where FaceBackend is rekognition",
    ("FaceCompareFunction", "AskRekognition", "rekognition:DetectFaces"): "only where FaceBackend is rekognition",
    ("KeysFunction", "RememberKeys", "dynamodb:GetItem"): GONE_MEANWHILE,
    ("RecordsFunction", "RememberKeys", "dynamodb:GetItem"): GONE_MEANWHILE,
}
ALWAYS_ASKED = {  # whatever is deleted: S3 API reference, DeleteObjects
    "s3:DeleteObject": "S3 asks for it whenever an object is deleted, by version too",
    "s3:DeleteObjectVersion": "the bucket keeps no versions unless its owner has switched them on",
}
UNREACHED_FOR_A_REASON = {("BatchFunction", "AskEngines"): "batch asks engines by the code that verify asks them by"}
OPEN_TO_ALL_FOR_A_REASON = {("FaceCompareFunction", "AskRekognition"): "these two actions know no resource"}
HEADER = """# Permissions: given and used

Made by `make iam`: every function runs under its own role of the template while the tests run, and each call that a
statement allowed is counted once. What is given and never used is named; so is what has no resource of its own.

| function | statement | used | never used |
|---|---|---|---|"""

Use = tuple[str, str, str, int]  # function, statement, action, the number of the statement's resource


@dataclass(frozen=True)
class Given:
    """One statement of one function's role, and what of it was used."""

    function: str
    statement: Statement
    used: frozenset[tuple[str, int]]  # action, the number of a resource

    @property
    def unused_actions(self) -> list[str]:
        """List the actions that nothing used, without those that no test can use."""
        used = {action for action, _ in self.used}
        return [each for each in self.statement.actions if each not in used and not self._excuse(each)]

    @property
    def unused_resources(self) -> list[str]:
        """List the resources that nothing reached, where the statement was used at all."""
        reached = {number for _, number in self.used}
        if (self.function, self.statement.sid) in UNREACHED_FOR_A_REASON:
            return []
        return [each for number, each in enumerate(self.statement.resources) if reached and number not in reached]

    @property
    def faults(self) -> Iterator[str]:
        """Say what is given for nothing, in a line each."""
        where = f"{self.function}, {self.statement.sid}"
        yield from (f"{where}: {each} is never used" for each in self.unused_actions)
        yield from (f"{where}: {_short(each)} is never reached" for each in self.unused_resources)
        if "*" in self.statement.resources and (self.function, self.statement.sid) not in OPEN_TO_ALL_FOR_A_REASON:
            yield f"{where}: every resource is allowed, without a reason"

    def _excuse(self, action: str) -> str | None:
        if action in ALWAYS_ASKED:
            return ALWAYS_ASKED[action]
        return UNUSED_FOR_A_REASON.get((self.function, self.statement.sid, action))

    @property
    def row(self) -> str:
        """Write one row of the table."""
        used = ", ".join(sorted({action for action, _ in self.used})) or "–"
        unused = [*self.unused_actions, *map(_short, self.unused_resources)]
        named = {action for action, _ in self.used}
        excused = [
            f"{each} ({excuse})"
            for each in self.statement.actions
            if each not in named and (excuse := self._excuse(each))
        ]
        return f"| {self.function} | {self.statement.sid} | {used} | {'; '.join([*unused, *excused]) or '–'} |"


def main() -> int:
    """Read, compare, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--hold", action="store_true")
    chosen = options.parse_args()
    given = given_by(_roles(), set(_uses(chosen.folder)))
    faults = [fault for each in given for fault in each.faults]
    print(*faults or ["every permission is used, or has its reason"], sep="\n")
    if not chosen.hold:
        WRITTEN.write_text("\n".join([HEADER, *(each.row for each in given)]) + "\n")
    return int(chosen.hold and bool(faults))


def given_by(granted: Mapping[str, Iterable[Statement]], uses: set[Use]) -> list[Given]:
    """Put every statement beside what was used of it."""
    return [
        Given(
            function,
            statement,
            frozenset((action, number) for who, sid, action, number in uses if (who, sid) == (function, statement.sid)),
        )
        for function, statements in sorted(granted.items())
        for statement in statements
    ]


def _roles() -> dict[str, list[Statement]]:
    source = template.deployed(FaceBackend="rekognition")
    names = {name: name for name in source["Resources"]}
    return roles(Deployed(source, names, "region", "stack"))


def _uses(folder: Path) -> Iterator[Use]:
    """Read what was noted; a call that was refused has no statement."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            function, action, sid, number = json.loads(line)
            if sid is not None:
                yield function, sid, action, number


def _short(arn: str) -> str:
    return arn.rpartition(":")[2]


if __name__ == "__main__":
    sys.exit(main())
