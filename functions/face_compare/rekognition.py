"""CompareFaces by Amazon Rekognition, and DetectFaces for what CompareFaces does not tell."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.exceptions import ClientError, ParamValidationError

from cari_common.rekognition import NoSuchPicture, NotAPicture, PictureTooLarge, Refusal, picture_of

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_rekognition.type_defs import FaceDetailTypeDef, ImageTypeDef

    from functions.face_compare.request import CompareFacesRequest

REFUSALS = {refusal.code: refusal for refusal in (Refusal, NoSuchPicture, PictureTooLarge, NotAPicture)}
SAME_FACE = 0.05  # most that two boxes of one face in one picture differ, in any of their four ratios


def compare_faces(request: CompareFacesRequest) -> dict[str, Any]:
    """Ask the service. Raises Refusal for what it refuses; throttling and outages are raised as they come."""
    client = rekognition_client()
    source, target = _image(request, "SourceImage"), _image(request, "TargetImage")
    try:
        answer = client.compare_faces(
            SourceImage=source,
            TargetImage=target,
            SimilarityThreshold=request.similarity_threshold,
            QualityFilter=request.quality_filter,
        )
        details = client.detect_faces(Image=target, Attributes=["ALL"])["FaceDetails"]
    except ParamValidationError as error:
        raise Refusal(str(error)) from None
    except ClientError as error:
        refusal = REFUSALS.get(error.response["Error"]["Code"])
        if refusal is None:
            raise
        raise refusal(error.response["Error"]["Message"]) from None
    faces: list[dict[str, Any]] = [cast("dict[str, Any]", match["Face"]) for match in answer["FaceMatches"]]
    faces += cast("list[dict[str, Any]]", answer["UnmatchedFaces"])
    for face in faces:
        face.update(_more(face, details))
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


@cache
def rekognition_client() -> RekognitionClient:
    """Share one client in this process."""
    return boto3.client("rekognition")


def _image(request: CompareFacesRequest, name: str) -> ImageTypeDef:
    image = request.event.get(name)
    if isinstance(image, dict) and image.keys() == {"S3Object"}:
        return cast("ImageTypeDef", image)
    return {"Bytes": picture_of(request.event, name)}


def _more(face: dict[str, Any], details: list[FaceDetailTypeDef]) -> dict[str, Any]:
    """Find the same face among DetectFaces' and take its landmarks, which go down to the chin, and its attributes."""
    detail = next((detail for detail in details if _is_same(face["BoundingBox"], detail["BoundingBox"])), None)
    if detail is None:
        return {}
    return {"Landmarks": detail["Landmarks"], "Attributes": {"Lips": _lips(detail), "Glasses": _glasses(detail)}}


def _is_same(one: dict[str, float], other: Any) -> bool:
    return all(abs(one[side] - other[side]) < SAME_FACE for side in ("Left", "Top", "Width", "Height"))


def _lips(detail: FaceDetailTypeDef) -> dict[str, Any]:
    mouth = detail["MouthOpen"]
    return {"Value": "Apart" if mouth["Value"] else "Together", "Confidence": mouth["Confidence"]}


def _glasses(detail: FaceDetailTypeDef) -> dict[str, Any]:
    sun, eye = detail["Sunglasses"], detail["Eyeglasses"]
    value, told_by = ("Sun", sun) if sun["Value"] else ("Eye" if eye["Value"] else "None", eye)
    return {"Value": value, "Confidence": told_by["Confidence"]}
