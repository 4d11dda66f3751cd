"""dlib as its author ships it, in an environment of its own that `make bench-face` installs."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from dlib_dat import read_layers
from dlib_onnx import to_onnx

from tests.benchmarks.mrz.readers import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.benchmarks.face.looking import Embeddings

DLIB_PYTHON = ROOT / ".build/dlib/bin/python"
DLIB_NETWORK = ROOT / ".build/dlib/models/dlib_face_recognition_resnet_model_v1.dat"
CHIPS = 100  # of each process


@dataclass(frozen=True)
class PeerEmbeddings:
    """dlib's own embeddings, and how far the converted network is from dlib's on the same chips."""

    embeddings: Embeddings
    chips: int
    max_difference: float
    max_difference_unhalved: float  # of the same network with its weights in single precision
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
    layers = read_layers(DLIB_NETWORK.read_bytes())
    ours, unhalved = (_converted(to_onnx(layers, is_halved=is_halved), chips) for is_halved in (True, False))
    cosines = (ours * theirs).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
    return PeerEmbeddings(
        embeddings=np.concatenate([each["embeddings"] for each in loaded]),
        chips=len(chips),
        max_difference=float(np.abs(ours - theirs).max()),
        max_difference_unhalved=float(np.abs(unhalved - theirs).max()),
        min_cosine=float(cosines.min()),
    )


def _start(out: Path) -> subprocess.Popen[str]:
    command = [DLIB_PYTHON, "-m", "tests.benchmarks.face.workers.dlib_embeddings", str(out), str(CHIPS)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, text=True, cwd=ROOT)


def _converted(onnx: bytes, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
    network = cv2.dnn.readNetFromONNX(np.frombuffer(onnx, np.uint8))
    network.setInput(np.ascontiguousarray(chips.transpose(0, 3, 1, 2), np.float32))
    return np.asarray(network.forward(), np.float32)
