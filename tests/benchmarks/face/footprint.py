"""How much room the zip function takes unzipped, where `make build` has left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.mrz.readers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("FaceCompareFunction", "CoreLayer", "AwsLayer", "ImagingLayer", "FaceLayer")


def unzipped_mb() -> dict[str, dict[str, float]]:
    """Weigh the comparing function and its layers for each processor that was built for."""
    return {
        built.name.removeprefix("sam-"): {part: _megabytes(built / part) for part in PARTS}
        for built in sorted((ROOT / ".build").glob("sam-*"))
        if all((built / part).is_dir() for part in PARTS)
    }


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
