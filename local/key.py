"""`make key`: keys of the stack that `make run` serves, by the command that serves AWS too."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from functions.keys import __main__ as command
from local.stack import STATE, found

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def main(arguments: Sequence[str], state: Path = STATE) -> int:
    """Do what the arguments say in the running stack; 1 and a line where none left word."""
    try:
        stack = found(state)
    except FileNotFoundError:
        print("No stack has been served here yet: start one with `make run`, then ask again.", file=sys.stderr)
        return 1
    return command.main(arguments, stack.cloud.table(stack.cloud.outputs["ApiKeysTable"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
