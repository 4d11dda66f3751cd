"""A face as numbers that can be compared, as the face engine gives it where it is asked to; pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import struct
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING, Any

from cari_common.similarity import between

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class FaceTemplate:
    """A unit vector, by which model, and what the cosine of two of them says: false match rates, falling along it.

    Two templates can be compared only where they have the same `model`, which names the calibration too.
    """

    model: str
    vector: tuple[float, ...]
    cosines: tuple[float, ...]
    rates: tuple[float, ...]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> FaceTemplate:
        """Read the engine's `Embedding`."""
        known = sorted((float(cosine), float(rate)) for cosine, rate in answer["FalseMatchRates"])
        cosines, rates = zip(*known, strict=True)
        return cls(str(answer["Model"]), unpacked(base64.b64decode(answer["Vector"])), cosines, rates)

    def fmr(self, cosine: float) -> float:
        """Say how often two strangers' faces reach a cosine; straight in log FMR between what was measured."""
        return float(10 ** between(cosine, self.cosines, tuple(math.log10(rate) for rate in self.rates)))


def packed(vector: Sequence[float]) -> bytes:
    """Write a vector in half precision, which moves a cosine by less than 5e-4."""
    return struct.pack(f"<{len(vector)}e", *vector)


def unpacked(small: bytes) -> tuple[float, ...]:
    """Read a vector."""
    return struct.unpack(f"<{len(small) // 2}e", small)


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Compare two unit vectors: -1 to 1."""
    return float(sum(map(mul, one, other)))


def mirrored(vector: Sequence[float], secret: bytes) -> tuple[float, ...]:
    """Turn a vector in a way that only the secret tells: all cosines stay, but only with others turned alike."""
    turned, size = list(vector), len(vector)
    key = hmac.new(secret, b"face templates", hashlib.sha256).digest()
    normals = struct.iter_unpack(f"<{size}h", hashlib.shake_256(key).digest(2 * size * size))
    for normal in normals:  # as many mirrors as it has numbers: fewer would leave a vector nearly as it was
        twice = 2 * cosine(normal, turned) / cosine(normal, normal)
        turned = [value - twice * along for value, along in zip(turned, normal, strict=True)]
    return tuple(turned)
