"""The process that decodes a HEIC: bytes in at its standard input, a JPEG out, or a sentence about what is wrong.

Its limits are set before it reads a byte.
"""

from __future__ import annotations

import io
import resource
import sys

import pillow_heif

from cari_core.containers import Fault, check_size, damaged
from cari_intake.heic import REFUSED

QUALITY = 92  # JPEG quality: visually lossless, about the same size
MAX_MEMORY_BYTES = 768 << 20  # 50 megapixels take 550 MB, in a function of 1 GB


def main(max_cpu_s: int) -> int:
    """Convert what comes in; answer with an exit status."""
    resource.setrlimit(resource.RLIMIT_CPU, (max_cpu_s, max_cpu_s))
    resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a picture is not left on disk
    try:
        jpeg = converted(sys.stdin.buffer.read())
    except Fault as fault:
        sys.stderr.write(str(fault))
        return REFUSED
    sys.stdout.buffer.write(jpeg)
    return 0


def converted(payload: bytes) -> bytes:
    """Decode the primary picture, upright, and encode it as JPEG. Raises Fault."""
    try:
        heif = pillow_heif.open_heif(payload, convert_hdr_to_8bit=True)
        check_size(*heif.size)
        written = io.BytesIO()
        heif.to_pillow().convert("RGB").save(written, "JPEG", quality=QUALITY)
    except Fault:
        raise
    except Exception as error:  # ValueError, SyntaxError, IndexError …: whatever its parser met
        raise damaged() from error
    return written.getvalue()


if __name__ == "__main__":
    pillow_heif.options.DECODE_THREADS = 1
    sys.exit(main(int(sys.argv[1])))
