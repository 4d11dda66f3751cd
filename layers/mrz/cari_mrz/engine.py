"""Identify this engine: the same identity gives the same answers."""

from __future__ import annotations

from functools import cache
from typing import Any

from cari_core.release import VERSION, digests

from . import bands, recogniser


@cache
def identity() -> dict[str, Any]:
    """Name the engine, its version, its model, and the SHA-256 of every network."""
    return {
        "name": "cari_mrz",
        "version": VERSION,
        "model": recogniser.WEIGHTS_FILE.stem,
        "weights": digests((bands.WEIGHTS_FILE, recogniser.WEIGHTS_FILE)),
    }
