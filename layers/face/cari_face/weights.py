"""Where the weights lie, and what to do when they do not."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("weights")


class WeightsMissingError(RuntimeError):
    """The package was installed from a tree whose weights were never built."""


def weights_path(name: str) -> str:
    """Find one weights file.

    Raises WeightsMissingError, which says how to build it.
    """
    path = FOLDER / name
    if not path.is_file():
        raise WeightsMissingError(f"{path} is missing: run `make weights`")
    return str(path)
