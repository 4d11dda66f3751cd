"""A folder mounted read-only for one process and its children, as Lambda has a function's code."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

UNSHARE = ("unshare", "--map-root-user", "--mount", "sh", "-euc")
MOUNT = 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; cd "$1"; shift; exec "$@"'


def read_only(folder: Path, work: Path) -> list[str]:
    """Begin a command that runs in `work`, a folder inside `folder`; nothing where the kernel lets us mount nothing."""
    return [*UNSHARE, MOUNT, str(folder), str(work)] if may_mount() else []


@cache
def may_mount() -> bool:
    """Say whether this process may mount anything: not everywhere without root."""
    if not shutil.which("unshare"):
        return False
    return not subprocess.run([*UNSHARE, MOUNT, "/", "/", "true"], check=False, capture_output=True).returncode
