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
    """How usable a face's pixels are for telling people apart, in parts that ISO/IEC 29794-5 names; each is 0..1.

    `overall`: how likely the face is to be recognised; what it was measured to predict stands at read_quality.
    `sharpness`: 0 for hardly a face at all, 1 for a crisp close-up.
    `brightness`: the mean grey level, 1 being white; neither end is good.
    `exposure`: 1 where all pixels show detail, 0 where half are lost in black or white.
    `contrast`: the range of grey levels, 1 from half of all that there are.
    `size`: the distance between the eyes, 1 from 90 pixels.
    `frontality`: 1 straight ahead, 0 from 60 degrees off it.
    `visibility`: how sure it is that nothing hides eyes or mouth.
    `eye_openness`: how sure it is that the eyes are open.
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
