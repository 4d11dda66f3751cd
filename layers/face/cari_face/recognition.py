"""Embeddings that are kept to recognise a face later: always made alike, so that every two can be compared."""

from __future__ import annotations

import json
from dataclasses import astuple
from functools import cache
from hashlib import sha256

from cari_face import engine, models
from cari_face.embedding import CAREFUL_CROPS
from cari_face.models import PairKind

# The crops that the calibration of photos against photos was made with; other crops make other vectors.
RECOGNITION_CROPS = CAREFUL_CROPS[PairKind.PHOTO]
HASH_DIGITS = 16


@cache
def embedder_identity() -> str:
    """Name the model, with a hash over every network and the crops. Vectors of two identities cannot be compared."""
    identity = engine.identity()
    name = identity["Model"]
    made_of = [identity["Weights"], models.registry()[name]["input"], [astuple(crop) for crop in RECOGNITION_CROPS]]
    return f"{name}-{sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:HASH_DIGITS]}"


@cache
def measured_rates() -> tuple[tuple[float, float], ...]:
    """List cosines with the false match rate at each, 0..1, as far as it was measured.

    What the calibration extrapolates is left out: fewer than ten false matches stand behind it.
    """
    table = models.registry()[models.built_in().name]["calibration"][PairKind.PHOTO.value]["by_pair"]
    return tuple((row["cosine"], row["fmr"]) for row in table if not row["extrapolated"])
