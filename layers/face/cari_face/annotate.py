"""Draw faces into a picture: boxes, landmarks, the head's axes, and below the picture what was measured of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cari_face.comparison import FaceComparison
    from cari_face.face import Face, Pose
    from cari_imaging import Image

COMPARED_COLOR, OTHER_COLOR = (22, 136, 82), (120, 124, 134)
PAPER_COLOR = (252, 252, 250)
# RGB; a head's axes are coloured as 3-D programs colour x, y and z
LEFT_AXIS_COLOR, UP_AXIS_COLOR, AHEAD_AXIS_COLOR = (200, 44, 52), (22, 136, 82), (38, 92, 200)
MIN_WIDTH_PX = 900  # smaller pictures are enlarged, so that the drawing can be read
TEXT_PX = 26
FONT = cv2.FONT_HERSHEY_SIMPLEX


def annotate_source(image: Image, comparison: FaceComparison) -> Image:
    """Draw the face that was compared, and the others, onto a copy of the source (RGB)."""
    if comparison.source is None:
        return _annotated(image, (), ("no face",))
    faces = (comparison.source, *comparison.others)
    reasons = (f"compared: {comparison.choice_reason}", *("other" for _ in comparison.others))
    return _annotated(image, faces, reasons)


def annotate_target(image: Image, comparison: FaceComparison) -> Image:
    """Draw every face that was compared with the source's, best first, onto a copy of the target (RGB)."""
    faces = tuple(match.face for match in comparison.matches)
    likenesses = tuple(f"similarity {match.similarity:.3f}, FMR {match.fmr:.1e}" for match in comparison.matches)
    return _annotated(image, faces, likenesses or ("nothing to compare",))


def _annotated(image: Image, faces: Sequence[Face], texts: Sequence[str]) -> Image:
    scale = max(1.0, MIN_WIDTH_PX / image.shape[1])
    picture = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    stroke = max(1, round(max(picture.shape) / 900))
    colors = [COMPARED_COLOR if faces and i == 0 else OTHER_COLOR for i in range(len(texts))]
    for number, (face, color) in enumerate(zip(faces, colors, strict=False), 1):
        _mark(picture, face, str(number), color, scale, stroke)
    rows = [
        (f"{number}  {text}" + (f"  |  {_fields(faces[number - 1])}" if faces else ""), color)
        for number, (text, color) in enumerate(zip(texts, colors, strict=True), 1)
    ]
    return np.vstack([picture, _bar(picture.shape[1], rows)])


def _fields(face: Face) -> str:
    pose, quality = face.pose, face.quality
    return (
        f"yaw {pose.yaw:+.0f} pitch {pose.pitch:+.0f} roll {pose.roll:+.0f}  "
        f"sharpness {quality.sharpness:.2f}  brightness {quality.brightness:.2f}  confidence {face.confidence:.2f}"
    )


def _mark(picture: Image, face: Face, number: str, color: tuple[int, int, int], scale: float, stroke: int) -> None:
    box = face.box
    corner, size = np.array([box.left, box.top]) * scale, np.array([box.width, box.height]) * scale
    cv2.rectangle(picture, _pixel(corner), _pixel(corner + size), color, stroke)
    for point in face.landmarks.values():
        dot = _pixel(np.array([point.x, point.y]) * scale)
        cv2.circle(picture, dot, stroke + 1, PAPER_COLOR, -1, cv2.LINE_AA)
        cv2.circle(picture, dot, stroke, color, -1, cv2.LINE_AA)
    nose = face.landmarks["nose"]
    origin = np.array([nose.x, nose.y]) * scale
    for axis, ink in zip(head_axes(face.pose), (LEFT_AXIS_COLOR, UP_AXIS_COLOR, AHEAD_AXIS_COLOR), strict=True):
        cv2.line(picture, _pixel(origin), _pixel(origin + axis[:2] * size[0] / 2), ink, stroke + 1, cv2.LINE_AA)
    _tag(picture, number, corner, color)


def head_axes(pose: Pose) -> NDArray[np.float64]:
    """Give the head's axes, 3×3, a unit vector a row: to its left, up, ahead; x right, y down, z into the picture."""
    yaw, pitch, roll = np.radians((pose.yaw, pose.pitch, pose.roll))
    level, plumb, into = np.array(
        [[np.cos(roll), np.sin(roll), 0], [-np.sin(roll), np.cos(roll), 0], [0, 0, 1]], np.float64
    )
    across = np.cos(yaw) * level + np.sin(yaw) * into
    aside = np.clip(np.sin(pitch) * np.tan(yaw), -np.cos(pitch), np.cos(pitch))  # keeps the two at right angles
    down = aside * level + np.sqrt(np.cos(pitch) ** 2 - aside**2) * plumb - np.sin(pitch) * into
    return np.stack([across, -down, np.cross(down, across)])


def _tag(picture: Image, text: str, corner: NDArray[np.float64], color: tuple[int, int, int]) -> None:
    """Write a number into a box, at its upper left corner, inside the picture."""
    left, top = _pixel(np.maximum(corner, 0))
    width = cv2.getTextSize(text, FONT, 0.6, 1)[0][0] + 12
    cv2.rectangle(picture, (left, top), (left + width, top + TEXT_PX - 4), color, -1)
    cv2.putText(picture, text, (left + 6, top + TEXT_PX - 10), FONT, 0.6, PAPER_COLOR, 1, cv2.LINE_AA)


def _bar(width: int, rows: Sequence[tuple[str, tuple[int, int, int]]]) -> Image:
    """Write a line for each face below the picture, as large as the longest of them fits in."""
    bar = np.full((TEXT_PX * len(rows) + TEXT_PX // 2, width, 3), PAPER_COLOR, np.uint8)
    longest = max(cv2.getTextSize(text, FONT, 1.0, 1)[0][0] for text, _ in rows)
    size = min(0.6, (width - 2 * TEXT_PX) / longest)
    for row, (text, ink) in enumerate(rows):
        at = (TEXT_PX // 2, TEXT_PX * (row + 1) - 4)
        cv2.putText(bar, text, at, FONT, size, ink, 1, cv2.LINE_AA)
    return bar


def _pixel(point: NDArray[np.float64]) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))
