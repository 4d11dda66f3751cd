"""From the cosine of two embeddings to a similarity that says how often strangers look that much alike.

The scale is one of false match rates, so it means the same whatever the model behind it:

    similarity   0.25   0.50   0.80   0.95   0.99
    FMR          1e-1   1e-2   1e-3   1e-4   1e-5

See docs/adr/0003-face-similarity.md. Rates down to 1e-5 are those of dlib's network on all pairs of Labeled Faces in
the Wild (87 million impostor pairs); beyond, the curve is drawn on.
"""

from __future__ import annotations

import numpy as np

# cosine of mirror-averaged embeddings → log10 of the false match rate at that threshold
_COSINES = (0.60, 0.847, 0.888, 0.914, 0.931, 0.944, 0.955, 0.985)
_LOG_FMR = (0.0, -0.301, -1.0, -2.0, -3.0, -4.0, -5.0, -7.0)
# -log10 of the false match rate → similarity
_NINES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0)
_SIMILARITIES = (0.0, 0.25, 0.50, 0.80, 0.95, 0.99, 1.0)


def false_match_rate(cosine: float) -> float:
    """Estimate how often two strangers' faces reach this cosine."""
    return float(10 ** np.interp(cosine, _COSINES, _LOG_FMR))


def similarity(cosine: float) -> float:
    """Map a cosine to 0..1."""
    return float(np.interp(-np.log10(false_match_rate(cosine)), _NINES, _SIMILARITIES))
