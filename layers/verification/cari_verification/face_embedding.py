"""A selfie's face as a direction by which it is known again.

It is biometric, so it is no part of evidence, answers or logs.
"""

from __future__ import annotations

import math
import struct
import sys
from base64 import b64decode
from bisect import bisect_right
from dataclasses import dataclass, field
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cari_core.engine_api import Embedding

if sys.version_info >= (3, 12):
    from math import sumprod as dot  # 2 µs for 128 numbers; the other takes thrice as long
else:

    def dot(one: Vector, other: Vector, /) -> float:
        """Multiply two vectors."""
        return float(sum(map(mul, one, other)))


Vector = tuple[float, ...]

BYTES_EACH = 2  # IEEE 754 half precision, little-endian: it moves cosines by less than 2e-4


@dataclass(frozen=True)
class FaceEmbedding:
    """A unit vector, what made it, and how often two strangers' selfies reach a cosine, as far as that was measured.

    `model` tells vectors apart that cannot be compared. `rates` are pairs of cosine and false match rate (FMR): the
    cosines grow and the rates fall.
    """

    model: str
    values: Vector = field(repr=False)
    rates: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, told: Embedding) -> FaceEmbedding:
        """Read what the face engine tells as TargetEmbedding."""
        rates = [(each.Cosine, each.FalseMatchRate) for each in told.FalseMatchRates]
        return cls(told.Model, unpacked(b64decode(told.Vector)), tuple(sorted(rates)))

    @property
    def least_fmr(self) -> float:
        """The lowest rate that was measured: nobody can say of any cosine that fewer strangers reach it."""
        return self.rates[-1][1]

    def fmr(self, cosine: float) -> float:
        """Say how often strangers reach a cosine: straight in log FMR between the points, level beyond the last."""
        points = ((-1.0, 1.0), *self.rates)
        if cosine >= points[-1][0]:
            return self.least_fmr
        right = bisect_right([at for at, _ in points], max(cosine, -1.0))
        (low, above), (high, below) = points[right - 1], points[right]
        share = (max(cosine, -1.0) - low) / (high - low)
        return math.exp(math.log(above) + share * (math.log(below) - math.log(above)))


def packed(values: Vector) -> bytes:
    """Write a vector, two bytes a number."""
    return struct.pack(f"<{len(values)}e", *values)


def unpacked(small: bytes) -> Vector:
    """Read what `packed` wrote."""
    return struct.unpack(f"<{len(small) // BYTES_EACH}e", small)
