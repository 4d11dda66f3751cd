"""A barcode in a picture."""

from __future__ import annotations

from dataclasses import dataclass

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Symbol:
    """A barcode: its format, what it carries, and its corners in pixels of the upright picture.

    The corners begin at the symbol's own top left and go round it by its top right. A symbol that was seen but
    could not be decoded, being cut or damaged, has no payload.
    """

    format: str
    payload: bytes | None
    corners: Corners

    @property
    def is_damaged(self) -> bool:
        """Whether it was seen and not decoded."""
        return self.payload is None
