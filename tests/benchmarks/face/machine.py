"""Where and with what the figures were made."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from cari_face.weights import FOLDER
from tests.benchmarks.face.peer import DLIB_PYTHON
from tests.benchmarks.mrz.readers import ROOT

RELEASES = "import importlib.metadata as m, sys; print(', '.join(f'{p} {m.version(p)}' for p in sys.argv[1:]))"


def described() -> dict[str, str]:
    """Name the machine, the commit, the models and every release that took part."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": _first_line("git", "rev-parse", "--short", "HEAD") + _changed(),
        "processor": f"{_cpu_model()}, {os.cpu_count()} cores; one thread wherever time is taken",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "Cari": _first_line(sys.executable, "-c", RELEASES, "opencv-python-headless", "numpy"),
        "dlib": _first_line(str(DLIB_PYTHON), "-c", RELEASES, "dlib-bin", "numpy"),
        **{
            f"model {path.name}": _sha256(path)
            for path in sorted(FOLDER.iterdir())
            if path.suffix in (".onnx", ".tflite")
        },
    }


def _changed() -> str:
    changed = subprocess.run(
        ["git", "status", "--porcelain", "layers/face", "tests/benchmarks/face"],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    return " with uncommitted changes" if changed.stdout else ""


def _first_line(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return done.stdout.splitlines()[0].strip()


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _sha256(path: Path) -> str:
    return f"{path.stat().st_size:,} bytes, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
