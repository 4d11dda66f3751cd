"""PassportEye as a fallback engine: asked last, in a worker process that ends when the time does."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from cari_mrz import Transcript, lines_of_text
from functions.mrz_fallback.passporteye_worker import send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_imaging import Image
    from cari_mrz import MrzReading

METHOD = "passporteye"
MAX_SIDE_PX = 2000  # PassportEye finds the MRZ at a width of 250 pixels and needs 10 per letter to read it
WORKER = Path(__file__).with_name("passporteye_worker.py")


class _Worker:
    """One PassportEye process, started when first needed and kept warm until it is late."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, picture: bytes, timeout_s: float) -> str | None:
        """Give what PassportEye read, None for nothing and for nothing in time."""
        process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the worker was started without pipes")
        deadline = time.monotonic() + timeout_s
        with contextlib.suppress(BrokenPipeError):  # it may have run out of memory on the last picture
            send(process.stdin, picture)
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        answer = process.stdout.readline() if ready else b""
        if not answer:
            self.stop()
            return None
        text: str | None = json.loads(answer)
        return text

    def stop(self) -> None:
        """End the process and the Tesseract that it may be waiting for."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            with contextlib.suppress(BrokenPipeError):
                self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, on a file of this package
            [sys.executable, "-P", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            start_new_session=True,
        )
        atexit.register(self.stop)
        return self._process


_worker = _Worker()


def read_with_passporteye(image: Image, _own: MrzReading, time_left_s: float) -> Iterator[Transcript]:
    """Give the one transcript that PassportEye makes of a picture, if it makes one in time."""
    text = _worker.ask(_png(image), time_left_s)
    lines = lines_of_text(text) if text else None
    if lines:
        yield Transcript(lines=lines, method=METHOD)


def _png(image: Image) -> bytes:
    scale = min(1.0, MAX_SIDE_PX / max(image.shape))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    encoded, png = cv2.imencode(".png", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not encoded:
        raise RuntimeError("a decoded picture could not be encoded again")
    return png.tobytes()
