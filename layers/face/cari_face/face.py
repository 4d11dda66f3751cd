"""What is known about one face. Coordinates are pixels of the picture as given, x to the right, y down."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Point:
    """A place in the picture."""

    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """An upright rectangle inside the picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Square pixels."""
        return self.width * self.height


@dataclass(frozen=True)
class Pose:
    """Where the face points, in degrees; all zero for one that looks straight into the camera.

    `yaw` grows as the face turns to the picture's right, `pitch` as it looks up, `roll` as the head leans clockwise.
    """

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True)
class Quality:
    """How usable the pixels are, each 0..1."""

    sharpness: float
    brightness: float


class Lips(StrEnum):
    """Whether teeth or the inside of the mouth could be seen."""

    TOGETHER = "Together"
    APART = "Apart"


class Glasses(StrEnum):
    """What is worn on the eyes."""

    NONE = "None"
    EYE = "Eye"
    SUN = "Sun"


@dataclass(frozen=True)
class LipsReading:
    """The lips, and how sure the reading is (0.5..1)."""

    value: Lips
    confidence: float


@dataclass(frozen=True)
class GlassesReading:
    """The glasses, and how sure the reading is (0.5..1)."""

    value: Glasses
    confidence: float


@dataclass(frozen=True)
class Face:
    """One face. `confidence` (0..1) is the detector's; `landmarks` carry Rekognition's names."""

    box: Box
    confidence: float
    landmarks: Mapping[str, Point]
    pose: Pose
    quality: Quality
    lips: LipsReading
    glasses: GlassesReading
    mesh: NDArray[np.float32] = field(repr=False, compare=False)  # 468 points, x y z in pixels, z away from the viewer
