"""What every worker does: picture files in on stdin, one a line; what was read and what it cost out on stdout."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def serve(read: Callable[[str], Mapping[str, Any]]) -> None:
    """Answer each path with one line of JSON, until stdin ends; a reader that fails has found nothing."""
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else prints must not end up among the answers
    for line in sys.stdin:
        path = json.loads(line)
        cpu_s, wall_s = _cpu_s(), time.perf_counter()
        try:
            reading = dict(read(path))
        except Exception as fault:  # noqa: BLE001 - readers fail in many ways on pictures they were not made for
            reading = {"lines": None, "valid": False, "failure": type(fault).__name__}
        cost = {"cpu_s": _cpu_s() - cpu_s, "wall_s": time.perf_counter() - wall_s}
        print(json.dumps(reading | cost), file=answers, flush=True)


def _cpu_s() -> float:
    """Count the processor's time of this process, all its threads, and the children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
