"""Check a deployed stack, or without one what was built: `make doctor [STACK=cari-dev]`.

Reads only. Exit status: 1 where anything fails, 2 where there is nothing to look at.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import boto3

from local import template
from tools.doctor import build, stack, stack_checks
from tools.doctor.finding import Finding, table

ROOT = Path(__file__).parents[2]
BUILDS = (".aws-sam/build", ".build/sam-x86_64", ".build/sam-arm64")  # what `make deploy` and `make build` leave


def main(arguments: list[str]) -> int:
    """Print what was found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "builds", nargs="*", type=Path, help="folders that `sam build` left; those there are, unless said"
    )
    options.add_argument("--stack", help="the deployed stack to look at instead")
    chosen = options.parse_args(arguments)
    if chosen.stack:
        return _stack(chosen.stack)
    builds = chosen.builds or [ROOT / folder for folder in BUILDS if (ROOT / folder / "template.yaml").is_file()]
    if not builds:
        print("Nothing is built: run `make build`, or name a deployed stack: make doctor STACK=…", file=sys.stderr)
        return 2
    statuses = []
    for folder in builds:
        print(folder)
        statuses.append(_told(build.findings(folder)))
    return max(statuses)


def _stack(name: str) -> int:
    try:
        read = stack.read(boto3.Session(), name, stack.ask_over_http, stack.fetch_over_http)
    except stack.NoSuchStack as error:
        print(error, file=sys.stderr)
        return 2
    return _told(stack_checks.findings(read, template.read()))


def _told(findings: list[Finding]) -> int:
    print(table(findings))
    return int(any(each.verdict == "fail" for each in findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
