"""Which engine answered: the version of the packages, which are released together, and the digests of its weights."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VERSION = "0.1.0"  # pyproject.toml's, which no layer carries; a test compares


def digests(files: Iterable[Path]) -> dict[str, str]:
    """Hash files by SHA-256, in hex, by their names."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(files)}
