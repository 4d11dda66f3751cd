"""Faces that are to be known again later: always looked at alike, so that every two can be compared."""

from __future__ import annotations

import json
from dataclasses import astuple
from functools import cache
from hashlib import sha256

from cari_face import engine, models
from cari_face.embedding import CAREFUL
from cari_face.models import PairKind

# What the calibration of selfies against selfies was made with. A quick look, or one that blurs print away, makes
# other vectors.
LOOK = CAREFUL[PairKind.PHOTO]
HASH_DIGITS = 16


@cache
def maker() -> str:
    """Name what makes an embedding: the model, and a hash over every network and how a face is cut out.

    Vectors of two makers cannot be compared.
    """
    identity = engine.identity()
    name = identity["Model"]
    made_of = [identity["Weights"], models.registry()[name]["input"], [astuple(crop) for crop in LOOK]]
    return f"{name}-{sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:HASH_DIGITS]}"


@cache
def measured_rates() -> tuple[tuple[float, float], ...]:
    """List cosines and the share of strangers' photos that reach each, as far as pairs were counted.

    What the calibration draws on beyond them is a guess: fewer than ten false matches stand behind it.
    """
    table = models.registry()[models.built_in().name]["calibration"][PairKind.PHOTO.value]["by_pair"]
    return tuple((row["cosine"], row["fmr"]) for row in table if not row["extrapolated"])
