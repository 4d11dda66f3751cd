"""dlib as its author ships it, in an environment of its own that `make bench-face` installs."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face.weights import weights_path
from tests.benchmarks.mrz.readers import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.benchmarks.face.looking import Embeddings

DLIB_PYTHON = ROOT / ".build/dlib/bin/python"
CONVERTED = "dlib_face_recognition_resnet_v1.onnx"
CHIPS = 100  # of each process


@dataclass(frozen=True)
class PeerEmbeddings:
    """dlib's own embeddings, and how far the converted network is from dlib's on the same chips."""

    embeddings: Embeddings
    chips: int
    max_difference: float
    min_cosine: float


def embed_with_dlib(paths: Sequence[Path], folder: Path, processes: int) -> PeerEmbeddings:
    """Run dlib's own pipeline on every picture, and the converted network on some of its chips."""
    parts = np.array_split(np.array([str(path) for path in paths]), processes)
    outs = [folder / f"dlib-{i}.npz" for i in range(processes)]
    with ExitStack() as stack:
        running = [stack.enter_context(_start(out)) for out in outs]
        for process, part in zip(running, parts, strict=True):
            process.stdin.write("\n".join(part))
            process.stdin.close()
    if any(process.returncode for process in running):
        raise RuntimeError("dlib failed; what it said stands above")
    loaded = [np.load(out) for out in outs]
    chips, theirs = (np.concatenate([each[name] for each in loaded]) for name in ("chips", "chip_embeddings"))
    ours = np.concatenate([_converted(chip) for chip in chips])
    cosines = (ours * theirs).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
    return PeerEmbeddings(
        embeddings=np.concatenate([each["embeddings"] for each in loaded]),
        chips=len(chips),
        max_difference=float(np.abs(ours - theirs).max()),
        min_cosine=float(cosines.min()),
    )


def _start(out: Path) -> subprocess.Popen[str]:
    command = [DLIB_PYTHON, "-m", "tests.benchmarks.face.workers.dlib_embeddings", str(out), str(CHIPS)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, text=True, cwd=ROOT)


def _converted(chip: NDArray[np.uint8]) -> NDArray[np.float32]:
    network = cv2.dnn.readNetFromONNX(weights_path(CONVERTED))
    network.setInput(np.ascontiguousarray(chip.transpose(2, 0, 1)[np.newaxis], np.float32))
    return np.asarray(network.forward(), np.float32)
