"""Forms written by hand, so that they may be wrong."""

from __future__ import annotations

BOUNDARY = "frontier"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    """Write one part."""
    named = f'; filename="{filename}"' if filename is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def form(selfie: bytes, front: bytes, *more: bytes) -> bytes:
    """Write a verification's form, and whatever else as it comes."""
    return b"".join(
        [
            part("type", b"passport"),
            part("selfie", selfie, "selfie.jpg"),
            part("front", front, "front.jpg"),
            *more,
            f"--{BOUNDARY}--\r\n".encode(),
        ]
    )
