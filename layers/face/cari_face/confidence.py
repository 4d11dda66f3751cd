"""The confidence of a reading that compares a number with a threshold."""

from __future__ import annotations

import math


def threshold_confidence(distance: float, spread: float) -> float:
    """Turn a distance from the threshold into 0.5 (on it) to 1 (many spreads away)."""
    return 0.5 + 0.5 * math.tanh(abs(distance) / spread)
