"""How sure a reading is that was made by comparing with a bound."""

from __future__ import annotations

import math


def sureness(distance: float, spread: float) -> float:
    """Turn a distance from the bound into 0.5 (on it) to 1 (far beyond)."""
    return 0.5 + 0.5 * math.tanh(abs(distance) / spread)
