"""HEIC to JPEG, by a decoder in a process of its own: a picture may hold it, exhaust it or crash it, but not us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from cari_core.containers import Fault, damaged

MAX_CPU_S = 8  # 48 megapixels take 2.6; a grid whose 900 tiles lie outside the picture takes 23
REFUSED = 3  # exit status of the decoder, which tells at its standard error what is wrong with the picture
MAX_WAIT_S = 20  # the 8 s on the 0.58 processors of a function of 1 GB, and the start


def to_jpeg(payload: bytes, *, max_cpu_s: int = MAX_CPU_S) -> bytes:
    """Decode the primary picture of a HEIC, upright, and encode it as JPEG. Raises Fault."""
    command = [sys.executable, "-P", "-m", "cari_intake.heic_decoder", str(max_cpu_s)]
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            command, input=payload, capture_output=True, env=_environment(), timeout=MAX_WAIT_S, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise _too_slow() from late
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSED:
        raise Fault(done.stderr.decode())
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _too_slow()
    if done.returncode < 0:  # the decoder crashed
        raise damaged()
    raise RuntimeError(f"The HEIC decoder does not start: {done.stderr.decode(errors='replace')}")


def _environment() -> dict[str, str]:
    """Give the process what it needs to start, and none of our credentials."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE") if name in os.environ}
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **kept}


def _too_slow() -> Fault:
    return Fault("takes too long to decode. Send it as JPEG.")
