"""How many genuine pairs still pass as one of the two faces gets smaller."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.face.looking import embeddings_of, with_face_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.benchmarks.face.looking import Embeddings
    from tests.benchmarks.face.photographs import Photographs

PERSON_STEP = 3  # people
WIDTHS_PX = (16, 20, 24, 32, 40, 56, 80)  # of a face's box; the photographs' own have 100-130


@dataclass(frozen=True)
class Sized:
    """Shares of genuine pairs that pass at the thresholds given, by their FMR; a face not found does not pass."""

    width_px: int
    pairs: int
    accepted: Mapping[float, float]


def accept_by_size(
    photographs: Photographs, embeddings: Embeddings, thresholds: Mapping[float, float], processes: int
) -> list[Sized]:
    """Shrink one picture of every third person who has others, and compare it with those."""
    firsts, others = photographs.split()
    shown = firsts[np.isin(photographs.people[firsts], photographs.people[others])][::PERSON_STEP]
    one, other = np.nonzero(photographs.people[shown][:, np.newaxis] == photographs.people[others])
    sized = []
    for width in WIDTHS_PX:
        paths = [photographs.paths[i] for i in shown]
        small = embeddings_of(paths, partial(with_face_of, width), f"faces of {width} px", processes)
        cosines = np.nan_to_num(np.einsum("ij,ij->i", small[one], embeddings[others][other]), nan=-1.0)
        accepted = {fmr: float((cosines >= threshold).mean()) for fmr, threshold in thresholds.items()}
        sized.append(Sized(width, len(cosines), accepted))
    return sized
