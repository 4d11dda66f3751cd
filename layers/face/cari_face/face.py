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
    """How usable a face's pixels are for telling people apart, in the parts that ISO/IEC 29794-5 names.

    Each is 0..1, and 1 is best; only `brightness` is a level that neither end of is good. `overall` sums them up.
    """

    overall: float
    sharpness: float
    brightness: float
    exposure: float
    contrast: float
    size: float
    frontality: float
    visibility: float
    eye_openness: float


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
class EyesReading:
    """Whether the eyes are open, and how sure the reading is (0.5..1)."""

    open: bool
    confidence: float


class Part(StrEnum):
    """What of a face something can hide."""

    EYES = "Eyes"
    MOUTH = "Mouth"


@dataclass(frozen=True)
class OcclusionReading:
    """The parts that something hides, none on a bare face, and how sure the reading is (0.5..1)."""

    covered: tuple[Part, ...]
    confidence: float


@dataclass(frozen=True)
class Face:
    """One face. `confidence` (0..1) is the detector's, `presence` the mesh's; `landmarks` carry Rekognition's names."""

    box: Box
    confidence: float
    landmarks: Mapping[str, Point]
    pose: Pose
    quality: Quality
    lips: LipsReading
    glasses: GlassesReading
    eyes: EyesReading
    occlusion: OcclusionReading
    presence: float
    mesh: NDArray[np.float32] = field(repr=False, compare=False)  # 468 points, x y z in pixels, z away from the viewer
