"""Read the layers out of a network that dlib serialised, without dlib."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INPUT = "input_rgb_image_sized"
_CONVOLUTION, _AFFINE, _FULLY_CONNECTED = "con_4", "affine_", "fc_2"
_KINDS = (
    _CONVOLUTION,
    _AFFINE,
    "relu_",
    "max_pool_2",
    "avg_pool_2",
    "add_prev_",
    _FULLY_CONNECTED,
)
_TENSOR_VERSION = 2
_TENSOR_RANK = 4
_SIGN_BIT, _LENGTH_BITS = 0x80, 0x0F


@dataclass(frozen=True)
class Layer:
    """One layer, under dlib's own name for its kind; `parameters` is flat, and empty where it has none."""

    kind: str
    parameters: NDArray[np.float32]


def read_layers(dat: bytes) -> list[Layer]:
    """Read every layer from input to output.

    The layers are found by their names instead of by parsing dlib's nesting of training state around
    them. A name could in theory turn up inside the float data; the file is pinned by its hash and
    `dlib_onnx` checks the kind and the element count of each layer, so a scan that fits once fits always.
    """
    at = dat.index(_serialised(_INPUT))
    layers = []
    while (found := _next_layer(dat, at)) is not None:
        kind, at = found
        parameters, at = _parameters(dat, at, kind)
        layers.append(Layer(kind, parameters))
    return layers


def _next_layer(dat: bytes, at: int) -> tuple[str, int] | None:
    names = {kind: _serialised(kind) for kind in _KINDS}
    places = {kind: place for kind, name in names.items() if (place := dat.find(name, at)) >= 0}
    if not places:
        return None
    kind = min(places, key=places.__getitem__)
    return kind, places[kind] + len(names[kind])


def _serialised(text: str) -> bytes:
    """Write a short string the way dlib does: one byte that says how many length bytes follow, then those."""
    return bytes((1, len(text))) + text.encode("ascii")


def _parameters(dat: bytes, at: int, kind: str) -> tuple[NDArray[np.float32], int]:
    if kind == _FULLY_CONNECTED:  # output and input count stand before the tensor
        for _ in range(2):
            _, at = read_integer(dat, at)
    elif kind not in {_CONVOLUTION, _AFFINE}:
        return np.empty(0, np.float32), at
    return _tensor(dat, at)


def _tensor(dat: bytes, at: int) -> tuple[NDArray[np.float32], int]:
    version, at = read_integer(dat, at)
    if version != _TENSOR_VERSION:
        raise ValueError(f"tensor serialised in version {version}, not {_TENSOR_VERSION}")
    shape = []
    for _ in range(_TENSOR_RANK):
        size, at = read_integer(dat, at)
        shape.append(size)
    values = np.frombuffer(dat, "<f4", math.prod(shape), at)
    return values.astype(np.float32), at + values.nbytes


def read_integer(dat: bytes, at: int) -> tuple[int, int]:
    """Read one of dlib's integers, and where the next item starts.

    A control byte holds the sign and how many little-endian bytes of magnitude follow it.
    """
    control = dat[at]
    end = at + 1 + (control & _LENGTH_BITS)
    magnitude = int.from_bytes(dat[at + 1 : end], "little")
    return (-magnitude if control & _SIGN_BIT else magnitude), end
