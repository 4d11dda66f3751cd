"""A picture fit to be stored and shown to the engines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """JPEG, PNG or WebP bytes without metadata but orientation."""

    payload: bytes
    content_type: str  # image/jpeg, image/png or image/webp
    width: int  # pixels, upright
    height: int
    filename: str | None = None
