"""Vectors turned by a secret: cosines between those turned alike stay, those turned by another secret say nothing.

It keeps one face from being looked up among two tenants' notes, or from being compared with a picture of somebody by
whoever has the notes alone. It is no encryption: who has the secret turns back, and who has very many notes of the same
kind of people may find the turn from how they are spread. What protects the table is its key and who may read it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from hashlib import shake_256
from struct import unpack
from typing import TYPE_CHECKING

from cari_verification.face_embedding import dot

if TYPE_CHECKING:
    from cari_verification.face_embedding import Vector

NUMBER_BYTES = 4
TENANTS_REMEMBERED = 16  # half a megabyte each


def rotated(values: Vector, seed: bytes) -> Vector:
    """Turn a unit vector by the seed's own orthonormal matrix: as many reflections as it has numbers."""
    turned = values
    for axis in _axes(seed, len(values)):
        twice = 2 * dot(axis, turned)
        turned = tuple(value - twice * along for value, along in zip(turned, axis, strict=True))
    length = math.hypot(*turned)
    return tuple(value / length for value in turned)


@lru_cache(TENANTS_REMEMBERED)
def _axes(seed: bytes, size: int) -> tuple[Vector, ...]:
    """Draw unit vectors to reflect along (Householder). It must stay as it is: notes meet notes of years ago."""
    drawn = unpack(f"<{size * size}i", shake_256(seed).digest(size * size * NUMBER_BYTES))
    return tuple(_unit(drawn[start : start + size]) for start in range(0, len(drawn), size))


def _unit(axis: tuple[int, ...]) -> Vector:
    length = math.hypot(*axis)
    return tuple(along / length for along in axis)
