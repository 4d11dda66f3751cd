"""PassportEye in a process of its own: pictures in on stdin, what it read out on stdout, one after another.

By itself because PassportEye takes seconds to import and up to 1.5 GB on a large photo, cannot be told to stop,
and uses parts of scikit-image that warn of their removal.
"""

from __future__ import annotations

import json
import struct
import sys
import warnings
from typing import IO

LENGTH = struct.Struct(">Q")


def main() -> None:
    """Answer each picture (its length, then its bytes) with one line of JSON, until stdin ends."""
    warnings.simplefilter("ignore")
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever else prints must not end up among the answers
    while header := sys.stdin.buffer.read(LENGTH.size):
        picture = sys.stdin.buffer.read(LENGTH.unpack(header)[0])
        answers.write(json.dumps(_raw_text(picture)) + "\n")
        answers.flush()


def send(stream: IO[bytes], picture: bytes) -> None:
    """Write a picture as `main` reads it."""
    stream.write(LENGTH.pack(len(picture)) + picture)
    stream.flush()


def _raw_text(picture: bytes) -> str | None:
    """Give the text of the MRZ that PassportEye thinks best, None where it finds none or fails."""
    from passporteye import read_mrz  # noqa: PLC0415 - costs seconds, so only when there is a picture

    try:
        mrz = read_mrz(picture)
    except Exception:  # noqa: BLE001 - it fails in many ways on pictures it was not made for
        return None
    return mrz.aux.get("raw_text") if mrz else None


if __name__ == "__main__":
    main()
