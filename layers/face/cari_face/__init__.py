"""Find faces, describe them, and say whether two pictures show one person.

>>> import cari_face, cari_imaging
>>> result = cari_face.compare(cari_imaging.decode(document), cari_imaging.decode(selfie))
>>> result.matches[0].similarity
"""

from cari_face.comparison import FaceComparison, Match, compare
from cari_face.detection import find_faces
from cari_face.face import Box, EyesReading, Face, Glasses, Lips, OcclusionReading, Part, Point, Pose, Quality

__all__ = [
    "Box",
    "EyesReading",
    "Face",
    "FaceComparison",
    "Glasses",
    "Lips",
    "Match",
    "OcclusionReading",
    "Part",
    "Point",
    "Pose",
    "Quality",
    "compare",
    "find_faces",
    "load",
]


def load() -> None:
    """Load every network now: a function calls this at start-up, when it has a whole processor."""
    from cari_face import blazeface, embedding, facemesh  # noqa: PLC0415  # loading is what this is for

    for module in (blazeface, facemesh, embedding):
        module.network()
