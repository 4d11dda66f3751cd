"""Hints that a picture shows a print or a screen instead of a person. Advisory: they must never decide alone.

These are passive signals for presentation attack detection (PAD, ISO/IEC 30107-3). They were measured on 774 faces of
Labeled Faces in the Wild against synthetic prints and screens (tests/benchmarks/face/attacks.py), all seen by the same
synthetic camera: AUC, and at 0.5 the shares of attacks let through (APCER) and of people suspected (BPCER).

    signal          AUC print   AUC screen   APCER print   APCER screen   BPCER
    periodicity        .78         .96           .51           .13         .02
    even_texture       .80         .87           .63           .44         .03
    faded_blacks       .93         .77           .61           .86         .03
    narrow_range       .90         .55           .51           .93         .04

Real attackers print better, and choose the picture. Blur (.47, .48), the share of clipped highlights (.03, .48: prints
have none) and the energy of fine texture (.21, .43) told nothing or the reverse, so they are not here; colour could not
be measured, the pictures are grey.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_imaging import Image

_MAX_CROP_PX = 256  # at full resolution: shrinking would remove the raster
_BLOCK_PX, _BLOCK_STEP_PX = 64, 32  # spectra of many blocks are averaged: one peak in one of them is no raster
_TEXTURE_BLUR_PX = 1.5  # deviation of a Gaussian; what it removes is texture
_NEIGHBOURHOOD_PX = 6.0  # deviation of the Gaussian over which texture is averaged
_NOISE_GREYS = 2.0
_MIN_RASTER_WAVES = 8  # in a block; a face has coarser waves of its own
_SPECTRUM_MEDIAN_BINS = 5
# The values that become 0 and 1; half-way lies what 5 % of the bona fide pictures reach, in round numbers.
_PEAK_BOUNDS = (1.0, 3.0)  # powers of e
_EVENNESS_BOUNDS = (0.25, 0.65)
_BLACK_TO_WHITE_BOUNDS = (0.1, 0.5)
_GREY_RANGE_BOUNDS = (190.0, 70.0)  # grey levels


@dataclass(frozen=True)
class PresentationSignals:
    """What prints and screens do to a picture, each 0..1; 0.5 and more is rare for bona fide pictures.

    `periodicity`: one wave stands out from the fine texture's spectrum, as a raster or moiré does.
    `even_texture`: the smoothest places are nearly as rough as the roughest, as grain and raster make them.
    `faded_blacks`: the darkest tone is bright beside the brightest, as ink on paper and lit screens are.
    `narrow_range`: few grey levels lie between the two.
    """

    periodicity: float
    even_texture: float
    faded_blacks: float
    narrow_range: float


def read_presentation(image: Image, mesh: NDArray[np.float32]) -> PresentationSignals:
    """Measure the middle of the face that the mesh (468×3, in pixels) lies on; RGB, H×W×3 uint8."""
    gray = _middle(image, mesh)
    texture = np.asarray(gray - cv2.GaussianBlur(gray, (0, 0), _TEXTURE_BLUR_PX), np.float32)
    strength = np.sqrt(cv2.GaussianBlur(texture * texture, (0, 0), _NEIGHBOURHOOD_PX))
    smooth, rough = np.percentile(strength, (20, 95))
    black, white = np.percentile(gray, (1, 99))
    return PresentationSignals(
        periodicity=_between(_peak(np.asarray(texture / (strength + _NOISE_GREYS), np.float32)), _PEAK_BOUNDS),
        even_texture=_between(smooth / (rough + 0.5), _EVENNESS_BOUNDS),
        faded_blacks=_between((black + 1) / (white + 1), _BLACK_TO_WHITE_BOUNDS),
        narrow_range=_between(white - black, _GREY_RANGE_BOUNDS),
    )


def _between(value: float, bounds: tuple[float, float]) -> float:
    """Scale a value so that the bounds become 0 and 1; what lies outside is clipped."""
    zero, one = bounds
    return float(np.clip((value - zero) / (one - zero), 0, 1))


def _middle(image: Image, mesh: NDArray[np.float32]) -> NDArray[np.float32]:
    """Crop to the face, or to its middle where it is large."""
    low, high = mesh[:, :2].min(axis=0), mesh[:, :2].max(axis=0)
    centre, half = (low + high) / 2, np.minimum((high - low) / 2, _MAX_CROP_PX / 2)
    height, width = image.shape[:2]
    left, top = np.clip(np.floor(centre - half), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(centre + half), (left + 1, top + 1), (width, height)).astype(int)
    return np.asarray(cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_RGB2GRAY), np.float32)


def _peak(texture: NDArray[np.float32]) -> float:
    """Say how far the strongest fine wave rises above its neighbours, in powers of e; 0 where there is no room."""
    rows, columns = (range(0, side - _BLOCK_PX + 1, _BLOCK_STEP_PX) for side in texture.shape)
    window = np.outer(np.hanning(_BLOCK_PX), np.hanning(_BLOCK_PX))
    blocks = [texture[y : y + _BLOCK_PX, x : x + _BLOCK_PX] * window for y in rows for x in columns]
    if not blocks:
        return 0.0
    power = np.fft.fftshift((np.abs(np.fft.fft2(blocks)) ** 2).mean(axis=0))
    level = np.log(power + np.finfo(float).tiny).astype(np.float32)
    rise = level - cv2.medianBlur(level, _SPECTRUM_MEDIAN_BINS)
    waves = np.fft.fftshift(np.fft.fftfreq(_BLOCK_PX) * _BLOCK_PX)
    return float(rise[np.hypot(*np.meshgrid(waves, waves)) > _MIN_RASTER_WAVES].max())
