"""What a cold start pays before its first event: importing each zip function's `app`, in fresh processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local import template
from local.lambda_runtime.runtime import SITE_PACKAGES

BASELINE = "import boto3, aws_lambda_powertools, pydantic"
TIMED = "import time; began = time.perf_counter(); {}; print(time.perf_counter() - began)"


@dataclass(frozen=True)
class Import:
    """The median of importing one function's door, beside what all of them stand on."""

    function: str
    seconds: float
    baseline_s: float

    @property
    def ratio(self) -> float:
        """How many times as long as the baseline it takes."""
        return self.seconds / self.baseline_s


def measured(times: int) -> list[Import]:
    """Import every zip function and the baseline in turns, so that whatever else the machine does hits both."""
    return [
        _measured(function, times)
        for function in template.functions().values()
        if (function.folder / "app.py").exists() and not (function.folder / "Dockerfile").exists()
    ]


def _measured(function: template.Function, times: int) -> Import:
    door, baseline = f"import {function.handler.rpartition('.')[0]}", list[float]()
    with tempfile.TemporaryDirectory() as task:
        link = Path(task) / "functions" / function.folder.name
        link.parent.mkdir()
        link.symlink_to(function.folder)
        path = os.pathsep.join(map(str, [task, *function.packages, SITE_PACKAGES]))
        _seconds(door, path)  # writes the bytecode, as a built package has it
        own = []
        for _ in range(times):
            baseline.append(_seconds(BASELINE, path))
            own.append(_seconds(door, path))
    return Import(function.name, statistics.median(own), statistics.median(baseline))


def _seconds(statement: str, path: str) -> float:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "POWERTOOLS_SERVICE_NAME": "cari"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", TIMED.format(statement)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)
