"""Embeddings that are kept to recognise a face later: always made alike, so that every two can be compared."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cari_face import engine, models
from cari_face.models import PairKind, PictureKind

if TYPE_CHECKING:
    from cari_face.embedding import EmbeddedFace, Embedding
    from cari_face.models import Crop

# What the calibration of photos against photos was made with: other crops make other vectors.
RECOGNITION_KIND = PictureKind.PHOTO
HASH_DIGITS = 16


def recognition_embedding(face: EmbeddedFace) -> Embedding:
    """Embed a selfie's face to keep, whatever it was compared with."""
    return face.careful(RECOGNITION_KIND)


@cache
def embedder_identity() -> str:
    """Name the model, with a hash over every network and the crops. Vectors of two identities cannot be compared."""
    model, entries = models.built_in(), models.registry()
    made_of: list[Any] = [engine.identity()["Weights"]]
    for embedder in model.embedders:
        crops = [_told(crop) for crop in embedder.careful[RECOGNITION_KIND]]
        made_of += [entries[embedder.name]["input"], crops]
    made_of += model.weights[1:]  # the first follows from the others: one embedder has none to tell
    return f"{model.name}-{sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:HASH_DIGITS]}"


def _told(crop: Crop) -> list[float]:
    """Tell a crop; smoothing only where there is any, so that what was told before there was any stays the same."""
    return [crop.zoom, crop.mirrored, crop.blur, *([crop.smoothing] if crop.smoothing else [])]


@cache
def measured_rates() -> tuple[tuple[float, float], ...]:
    """List cosines with the false match rate at each, 0..1, as far as it was measured.

    What the calibration extrapolates is left out: fewer than ten false matches stand behind it.
    """
    table = models.registry()[models.built_in().name]["calibration"][PairKind.PHOTO.value]["by_pair"]
    return tuple((row["cosine"], row["fmr"]) for row in table if not row["extrapolated"])
