"""Find faces, describe them, and say whether two pictures show one person.

>>> import cari_face, cari_imaging
>>> result = cari_face.compare(cari_imaging.decode(document), cari_imaging.decode(selfie))
>>> result.matches[0].similarity
"""

from cari_face.comparison import FaceComparison, Match, compare
from cari_face.detection import find_faces
from cari_face.face import Box, EyesReading, Face, Glasses, Lips, OcclusionReading, Part, Point, Pose, Quality
from cari_face.models import PairKind

__all__ = [
    "Box",
    "EyesReading",
    "Face",
    "FaceComparison",
    "Glasses",
    "Lips",
    "Match",
    "OcclusionReading",
    "PairKind",
    "Part",
    "Point",
    "Pose",
    "Quality",
    "WrongModelError",
    "compare",
    "find_faces",
    "load",
]


class WrongModelError(RuntimeError):
    """The face layer was built with another embedder than the one asked for."""


def load(model: str | None = None) -> None:
    """Load every network now: a function calls this at start-up, when it has a whole processor.

    `model` is the embedder that has to be the one built in (see cari_face.models). Raises WrongModelError;
    UncalibratedModelError where nobody measured what its cosines mean.
    """
    from cari_face import blazeface, embedding, facemesh, models  # noqa: PLC0415  # loading is what this is for

    built_in = models.built_in()
    if model and built_in.name != model:
        raise WrongModelError(f"the face layer holds {built_in.name}, not {model}: run `make weights MODEL={model}`")
    for kind in PairKind:
        built_in.calibration(kind)
        built_in.quick_calibration(kind)
    for module in (blazeface, facemesh):
        module.network()
    for embedder in built_in.embedders:
        embedding.network(embedder.file)
