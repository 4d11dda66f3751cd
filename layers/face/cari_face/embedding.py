"""A face as a direction in the space of the built-in embedder (see cari_face.models)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product, starmap
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from cari_face.geometry import fit_similarity, warp
from cari_face.models import PairKind, built_in
from cari_face.weights import weights_path
from cari_imaging.network import Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_face.models import Model
    from cari_imaging import Image

    Embedding = NDArray[np.float32]  # D, a unit vector; dlib's has 128 dimensions


@dataclass(frozen=True)
class Crop:
    """How a face is cut out: larger or smaller than the model's own measure, as it is or mirrored, and how blurred.

    `blur` is a Gaussian's deviation as a share of the crop's side.
    """

    zoom: float
    is_mirrored: bool
    blur: float = 0.0


# Crops that are a little too large, too small or mirrored err differently, so that the mean of several errs less. On
# LFW, pairs of all pictures: genuine ones accepted at FMR 1e-3 / 1e-4 from one crop 88.3 / 71.4 %, from two (mirrored)
# 90.7 / 76.7 %, from these four 91.1 / 78.8 %, from eighteen 91.8 / 79.6 %. A crop takes 8 ms.
#
# Print has a raster, ornaments and grain that are no part of the person, and both pictures are compared best where
# neither shows more detail than the other: with a blur that hides them, 71 % of genuine pairs of an (imitated) printed
# portrait and a photo are accepted at FMR 1e-3, without it 64 %.
LIGHT_BLUR, STRONG_BLUR = 0.0067, 0.012  # of the crop's side: one and nearly two of dlib's 150 pixels
QUICK_CROPS = {
    PairKind.PHOTO: (Crop(1.0, is_mirrored=False),),
    PairKind.DOCUMENT: (Crop(1.0, is_mirrored=False, blur=STRONG_BLUR),),
}
CAREFUL_CROPS = {
    PairKind.PHOTO: tuple(starmap(Crop, product((0.93, 1.08), (False, True)))),
    PairKind.DOCUMENT: (
        Crop(0.93, is_mirrored=False, blur=LIGHT_BLUR),
        Crop(0.93, is_mirrored=True, blur=STRONG_BLUR),
        Crop(1.08, is_mirrored=False, blur=STRONG_BLUR),
        Crop(1.08, is_mirrored=True, blur=LIGHT_BLUR),
    ),
}


def embed(
    image: Image, mesh: NDArray[np.float32], crops: tuple[Crop, ...] = CAREFUL_CROPS[PairKind.PHOTO]
) -> Embedding:
    """Embed the face that the mesh lies on: the mean over crops, a unit vector of D numbers.

    `image` is RGB, H×W×3 uint8; `mesh` is 468×3, in pixels of the picture.
    """
    model = built_in()
    views = [_cut(image, mesh, model, crop) for crop in crops]
    blob = (np.stack(views).astype(np.float32) - model.mean) * model.scale
    mean = network().run(np.ascontiguousarray(blob.transpose(0, 3, 1, 2))).reshape(len(crops), -1).mean(axis=0)
    return cast("Embedding", mean / np.linalg.norm(mean))


@cache
def network() -> Network:
    """Load the network, once."""
    return Network(cv2.dnn.readNetFromONNX(weights_path(built_in().file)))


def _cut(image: Image, mesh: NDArray[np.float32], model: Model, crop: Crop) -> Image:
    places = np.array([mesh[list(group), :2].mean(axis=0) for group in model.mesh], float)
    centre = model.side / 2
    view = warp(image, fit_similarity(places, (model.points - centre) * crop.zoom + centre), model.side)
    if crop.blur:
        view = cast("Image", cv2.GaussianBlur(view, (0, 0), crop.blur * model.side))
    view = view if model.channels == "RGB" else view[:, :, ::-1]
    return view[:, ::-1] if crop.is_mirrored else view
