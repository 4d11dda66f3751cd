"""Why a picture has no MRZ that could be read."""

from __future__ import annotations

from .reading import Reason


def why_absent(gray, blocks):
    return Reason.NO_MRZ
