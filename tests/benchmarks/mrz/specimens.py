"""The labelled specimens that CARI_EVAL_DATA points at; they are not part of the project."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Labelled as without an MRZ, but a drawing that shows two whole lines with check digits that agree. It counts as it
# is labelled; the report also says what changes without it.
DISPUTED = "DocsaidLab_MRZScanner__docs__img5.jpg"


@dataclass(frozen=True)
class Specimen:
    """A picture file and the MRZ that is printed on it; lines is None where there is none."""

    path: Path
    group: str
    lines: tuple[str, ...] | None


def labelled(folder: Path) -> list[Specimen]:
    """List the specimens in a fixed order."""
    truth = json.loads((folder / "mrz/truth.json").read_text())
    return [
        Specimen(folder / "mrz/images" / name, row["group"], tuple(row["lines"]) or None)
        for name, row in sorted(truth.items())
    ]
