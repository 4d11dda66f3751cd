"""A process held to a part of a processor, as Lambda holds a function: by the kernel's CPU quota (cgroup v1)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path("/sys/fs/cgroup/cpu")
PERIOD_US = 20_000
SHARES = 100_000  # against the 1,024 of whatever else the machine does


def is_possible() -> bool:
    """Say whether this kernel, and who asks, may hold processes to a quota."""
    return (ROOT / "cpu.shares").exists() and os.access(ROOT / "cpu.shares", os.W_OK)


@contextlib.contextmanager
def held(pids: Iterable[int], share: float) -> Iterator[None]:
    """Hold processes, all together, to a share of one processor until the block ends; that part is theirs alone."""
    group = ROOT / f"cari-bench-cost-{os.getpid()}"
    group.mkdir()
    try:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (group / "cpu.shares").write_text(str(SHARES))
        (group / "cpu.cfs_quota_us").write_text(str(round(share * PERIOD_US)))
        for pid in pids:
            (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        for pid in (group / "cgroup.procs").read_text().split():
            (ROOT / "cgroup.procs").write_text(pid)
        group.rmdir()
