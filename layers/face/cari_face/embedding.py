"""A face as a direction in the space of the built-in model (see cari_face.models)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from cari_face.geometry import fit_similarity, warp
from cari_face.landmarks import mean_places
from cari_face.models import built_in
from cari_face.weights import weights_path
from cari_imaging.network import Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_face.models import Crop, Crops, Embedder, PictureKind
    from cari_imaging import Image

    Embedding = NDArray[np.float32]  # D, a unit vector; MobileFaceNet's has 192 dimensions, dlib's 128


SMOOTHED_PX, SMOOTHING_REACH_PX = 7, 2.5  # of the crop: the filter's width, and its deviation in space


class EmbeddedFace:
    """The face of a picture (RGB, H×W×3 uint8) that a mesh (468×3, in pixels) lies on.

    Each crop is embedded when it is first asked for, and once.
    """

    def __init__(self, image: Image, mesh: NDArray[np.float32]) -> None:
        self._image = image
        self._mesh = mesh
        self._outputs: dict[tuple[str, Crop], NDArray[np.float32]] = {}

    def quick(self, kind: PictureKind) -> Embedding:
        """Embed by the first embedder's quick crops."""
        first = built_in().embedders[0]
        return self._mean(first, first.quick[kind])

    def careful(self, kind: PictureKind) -> Embedding:
        """Embed by every embedder's careful crops."""
        model = built_in()
        parts = [
            np.sqrt(weight, dtype=np.float32) * self._mean(embedder, embedder.careful[kind])
            for embedder, weight in zip(model.embedders, model.weights, strict=True)
        ]
        return np.concatenate(parts)

    def _mean(self, embedder: Embedder, crops: Crops) -> Embedding:
        missing = [crop for crop in crops if (embedder.file, crop) not in self._outputs]
        if missing:
            outputs = _embedded(self._image, self._mesh, embedder, missing)
            self._outputs |= {(embedder.file, crop): output for crop, output in zip(missing, outputs, strict=True)}
        mean = np.mean([self._outputs[embedder.file, crop] for crop in crops], axis=0)
        return cast("Embedding", mean / np.linalg.norm(mean))


@cache
def network(file: str) -> Network:
    """Load a network, once."""
    return Network(cv2.dnn.readNetFromONNX(weights_path(file)))


def _embedded(image: Image, mesh: NDArray[np.float32], embedder: Embedder, crops: list[Crop]) -> NDArray[np.float32]:
    views = [_cut(image, mesh, embedder, crop) for crop in crops]
    blob = (np.stack(views).astype(np.float32) - embedder.mean) * embedder.scale
    return network(embedder.file).run(np.ascontiguousarray(blob.transpose(0, 3, 1, 2))).reshape(len(crops), -1)


def _cut(image: Image, mesh: NDArray[np.float32], embedder: Embedder, crop: Crop) -> Image:
    places = mean_places(mesh, embedder.mesh)
    centre = embedder.side / 2
    view = warp(image, fit_similarity(places, (embedder.points - centre) * crop.zoom + centre), embedder.side)
    if crop.blur:
        view = cast("Image", cv2.GaussianBlur(view, (0, 0), crop.blur * embedder.side))
    if crop.smoothing:
        spread = float(cv2.cvtColor(view, cv2.COLOR_RGB2GRAY).std())
        view = cast("Image", cv2.bilateralFilter(view, SMOOTHED_PX, crop.smoothing * spread, SMOOTHING_REACH_PX))
    view = view if embedder.channels == "RGB" else view[:, :, ::-1]
    return view[:, ::-1] if crop.mirrored else view
