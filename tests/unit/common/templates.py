"""Face templates that an engine might give."""

import numpy as np

from cari_common.face_template import FaceTemplate

SIZE = 128
MEASURED = ((0.5, 0.9, 0.95, 1.0), (0.5, 1e-2, 1e-4, 1e-7))  # cosines and how many strangers reach them


def face(seed: int) -> tuple[float, ...]:
    """Make somebody up."""
    vector = np.random.default_rng(abs(seed)).normal(size=SIZE)
    return tuple((vector / np.linalg.norm(vector)).tolist())


def template(vector: tuple[float, ...], model: str = "model") -> FaceTemplate:
    return FaceTemplate(model, vector, *MEASURED)
