"""Which parts of a face something hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_face.face import Glasses, OcclusionReading, Part

if TYPE_CHECKING:
    from cari_face.face import GlassesReading


def read_occlusion(glasses: GlassesReading) -> OcclusionReading:
    """Take what hides the eyes."""
    return OcclusionReading((Part.EYES,) if glasses.value is Glasses.SUN else (), glasses.confidence)
