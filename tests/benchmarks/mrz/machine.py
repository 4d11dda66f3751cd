"""Where and with what the figures were made."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import cari_mrz
from tests.benchmarks.mrz.readers import OWN, PASSPORTEYE, RAPIDOCR, ROOT

PACKAGES = {
    OWN.name: (OWN.python, ("opencv-python-headless", "numpy")),
    PASSPORTEYE.name: (PASSPORTEYE.python, ("PassportEye", "pytesseract", "scikit-image")),
    RAPIDOCR.name: (RAPIDOCR.python, ("rapidocr", "onnxruntime", "opencv-python-headless")),
}


def described() -> dict[str, str]:
    """Name the machine, the commit, the models and every release that took part."""
    releases = {name: _releases(python, packages) for name, (python, packages) in PACKAGES.items()}
    releases[PASSPORTEYE.name] += f", {_first_line('tesseract', '--version')} with eng"
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": _first_line("git", "rev-parse", "--short", "HEAD") + _changed(),
        "processor": f"{_cpu_model()}, {os.cpu_count()} cores, one thread used by each reader",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        **releases,
        **{f"model {path.name}": _sha256(path) for path in _models()},
    }


def _releases(python: Path, packages: tuple[str, ...]) -> str:
    script = "import importlib.metadata as m, sys; print(', '.join(f'{p} {m.version(p)}' for p in sys.argv[1:]))"
    return _first_line(str(python), "-c", script, *packages)


def _changed() -> str:
    changed = subprocess.run(
        ["git", "status", "--porcelain", "layers", "tests"], check=True, capture_output=True, cwd=ROOT
    )
    return " with uncommitted changes" if changed.stdout else ""


def _first_line(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return done.stdout.splitlines()[0].strip()


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _models() -> list[Path]:
    return sorted((Path(cari_mrz.__file__).parent / "weights").glob("*.onnx"))


def _sha256(path: Path) -> str:
    return f"{path.stat().st_size:,} bytes, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
