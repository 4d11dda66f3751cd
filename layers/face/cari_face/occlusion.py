"""Which parts of a face something hides: dark lenses the eyes; a mask, a scarf or a hand the mouth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_face.confidence import threshold_confidence
from cari_face.face import Glasses, OcclusionReading, Part
from cari_face.shading import mouth_cover_score

if TYPE_CHECKING:
    from cari_face.face import GlassesReading
    from cari_face.view import FaceView

# 0.8 % of 1,143 bare faces score higher. AUC, and share that is found, on synthetic covers of grey pictures: masks of
# one colour .993, 79 %; patterned .982, 69 %; below the nose .986, 49 %; hands .992, 60 %. Of faces under whole masks
# the detector itself misses half, so they end as no face at all. Hair over one eye is not found (AUC of the eyes .65).
MOUTH_COVERED_SCORE = -0.2
MOUTH_SCORE_SPREAD = 1.0  # one standard deviation of bare faces


def read_occlusion(view: FaceView, glasses: GlassesReading) -> OcclusionReading:
    """Judge mouth and eyes; the confidence is the mouth's, or that of the most confident cover."""
    above_threshold = mouth_cover_score(view.brightness) - MOUTH_COVERED_SCORE
    mouth_confidence = threshold_confidence(above_threshold, MOUTH_SCORE_SPREAD)
    covers = {Part.EYES: glasses.confidence} if glasses.value is Glasses.SUN else {}
    if above_threshold > 0:
        covers[Part.MOUTH] = mouth_confidence
    if covers:
        return OcclusionReading(tuple(covers), max(covers.values()))
    return OcclusionReading((), mouth_confidence)
