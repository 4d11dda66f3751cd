"""CompareFaces and DetectFaces by Amazon Rekognition, which asks money for each call.

A verification's faces also get what only DetectFaces tells: lips, glasses and the chin. Rekognition's own CompareFaces
has none of these, so whoever asks as its service model does is answered by one call.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from cari_aws.clients import rekognition_client
from cari_aws.engine_requests import NoSuchPicture, NotAPicture, PictureTooLarge, Refusal, picture_of
from cari_core.engine_api import REKOGNITION, FaceComparison
from functions.face_compare.rekognition_pictures import as_taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_rekognition.type_defs import FaceDetailTypeDef, ImageTypeDef

    from functions.face_compare.request import CompareFacesRequest, DetectFacesRequest

REFUSALS_BY_CODE = {refusal.code: refusal for refusal in (Refusal, NoSuchPicture, PictureTooLarge, NotAPicture)}
SAME_FACE_TOLERANCE = 0.05  # of the picture's side: how far two boxes of one face differ at most


def compare_faces(request: CompareFacesRequest) -> FaceComparison:
    """Ask the service. Raises Refusal for what it refuses; throttling and outages are raised as they come."""
    client = rekognition_client()
    source, target = _image(request.event, "SourceImage"), _image(request.event, "TargetImage")
    with _refusals():
        answer = client.compare_faces(
            SourceImage=source,
            TargetImage=target,
            SimilarityThreshold=request.similarity_threshold,
            QualityFilter=request.quality_filter,
        )
        faces: list[dict[str, Any]] = [cast("dict[str, Any]", match["Face"]) for match in answer["FaceMatches"]]
        faces += cast("list[dict[str, Any]]", answer["UnmatchedFaces"])
        needs_details = bool(faces and request.source_kind)
        details = client.detect_faces(Image=target, Attributes=["ALL"])["FaceDetails"] if needs_details else []
    for face in faces:
        face.update(_landmarks_and_attributes(face, details))
    engine = _engine(answer, images=2 if needs_details else 1)
    return FaceComparison.model_validate({**_without_metadata(answer), "Engine": engine})


def detect_faces(request: DetectFacesRequest) -> dict[str, Any]:
    """Ask the service. Raises as compare_faces does."""
    image = _image(request.event, "Image")
    with _refusals():
        return _without_metadata(rekognition_client().detect_faces(Image=image, Attributes=list(request.attributes)))


def _image(event: dict[str, Any], name: str) -> ImageTypeDef:
    return {"Bytes": as_taken(picture_of(event, name), name)}


@contextmanager
def _refusals() -> Iterator[None]:
    """Raise as Refusal what the service refuses."""
    try:
        yield
    except ClientError as error:
        refusal = REFUSALS_BY_CODE.get(error.response["Error"]["Code"])
        if refusal is None:
            raise
        raise refusal(error.response["Error"]["Message"]) from None


def _without_metadata(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _engine(answer: Mapping[str, Any], *, images: int) -> dict[str, Any]:
    """Name the service, its model's version where the answer says it, and how many images it bills.

    It bills one image a call, however many pictures a call compares.
    """
    version = answer.get("FaceModelVersion")
    return {"Name": REKOGNITION, **({"Version": version} if version else {}), "Images": images}


def _landmarks_and_attributes(face: dict[str, Any], details: list[FaceDetailTypeDef]) -> dict[str, Any]:
    """Find the same face among DetectFaces' and take its landmarks, which go down to the chin, and its attributes."""
    detail = next((detail for detail in details if _is_same(face["BoundingBox"], detail["BoundingBox"])), None)
    if detail is None:
        return {}
    return {"Landmarks": detail["Landmarks"], "Attributes": {"Lips": _lips(detail), "Glasses": _glasses(detail)}}


def _is_same(one: dict[str, float], other: Any) -> bool:
    return all(abs(one[side] - other[side]) < SAME_FACE_TOLERANCE for side in ("Left", "Top", "Width", "Height"))


def _lips(detail: FaceDetailTypeDef) -> dict[str, Any]:
    mouth = detail["MouthOpen"]
    return {"Value": "Apart" if mouth["Value"] else "Together", "Confidence": mouth["Confidence"]}


def _glasses(detail: FaceDetailTypeDef) -> dict[str, Any]:
    sun, eye = detail["Sunglasses"], detail["Eyeglasses"]
    value, reading = ("Sun", sun) if sun["Value"] else ("Eye" if eye["Value"] else "None", eye)
    return {"Value": value, "Confidence": reading["Confidence"]}
