"""A picture fit to be shown to the engines: as bytes, and as it lies in the bucket."""

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


@dataclass(frozen=True)
class StoredPicture:
    """A picture that lies in S3."""

    bucket: str
    key: str
    content_type: str
    width: int  # pixels, upright
    height: int
    filename: str | None = None
    size_bytes: int = 0
    sha256: str = ""  # of its bytes, in hex
    version: str | None = None  # in a bucket that keeps versions
