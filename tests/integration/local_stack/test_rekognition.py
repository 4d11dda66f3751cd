"""boto3, as anyone has it, asks the stack in Amazon Rekognition's place."""

import io

import boto3
import pytest
from botocore.exceptions import ClientError
from PIL import Image

TEXT = b"I am a picture, honestly.\n"
INLINE_BYTES = 5_242_880


@pytest.fixture
def client(stack):
    return boto3.client(
        "rekognition",
        endpoint_url=stack.cloud.endpoint_url,
        region_name="eu-west-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


@pytest.fixture
def stored(stack, specimens):
    """The selfie, in the stack's bucket."""
    place = {"Bucket": stack.cloud.outputs["Bucket"], "Name": "images/mine/selfie.jpg"}
    stack.cloud.client("s3").put_object(Bucket=place["Bucket"], Key=place["Name"], Body=specimens["selfie"])
    return {"S3Object": place}


def nearly_five_megabytes(jpeg):
    """Lengthen a JPEG by what follows its end, which every reader ignores."""
    return jpeg + b"\0" * (INLINE_BYTES - len(jpeg))


def test_compare_faces_finds_the_passports_holder_in_the_selfie(client, specimens):
    answer = client.compare_faces(SourceImage={"Bytes": specimens["front"]}, TargetImage={"Bytes": specimens["selfie"]})

    assert [match["Similarity"] > 80 for match in answer["FaceMatches"]] == [True]
    assert answer["UnmatchedFaces"] == []


def test_detect_faces_describes_a_face(client, specimens):
    answer = client.detect_faces(Image={"Bytes": specimens["selfie"]}, Attributes=["ALL"])

    (face,) = answer["FaceDetails"]
    assert (face["MouthOpen"]["Value"], face["Sunglasses"]["Value"]) == (True, False)


def test_pictures_may_lie_in_the_stacks_bucket(client, stored, specimens):
    answer = client.compare_faces(SourceImage={"Bytes": specimens["front"]}, TargetImage=stored)

    assert len(answer["FaceMatches"]) == 1


def test_two_pictures_of_five_megabytes_are_compared_and_not_kept(client, stack, specimens):
    front, selfie = (nearly_five_megabytes(specimens[side]) for side in ("front", "selfie"))

    answer = client.compare_faces(SourceImage={"Bytes": front}, TargetImage={"Bytes": selfie})

    assert len(answer["FaceMatches"]) == 1
    bucket = stack.cloud.outputs["Bucket"]
    assert stack.cloud.client("s3").list_objects_v2(Bucket=bucket, Prefix="images/lent")["KeyCount"] == 0


@pytest.mark.parametrize(
    ("code", "image"),
    [
        ("InvalidImageFormatException", {"Bytes": TEXT}),
        ("ImageTooLargeException", {"Bytes": b"\xff" * (INLINE_BYTES + 1)}),
        ("InvalidParameterException", {}),
        ("InvalidParameterException", {"S3Object": {"Bucket": "pictures"}}),
        ("InvalidS3ObjectException", {"S3Object": {"Bucket": "nobodys-bucket", "Name": "selfie.jpg"}}),
    ],
)
def test_a_bad_picture_raises_the_clients_own_exception(client, code, image):
    with pytest.raises(getattr(client.exceptions, code)):
        client.detect_faces(Image=image)


def test_an_object_that_is_not_there_raises_the_clients_own_exception(client, stored):
    nowhere = {"S3Object": {**stored["S3Object"], "Name": "images/nowhere.jpg"}}

    with pytest.raises(client.exceptions.InvalidS3ObjectException):
        client.compare_faces(SourceImage=stored, TargetImage=nowhere)


def test_a_version_that_is_not_there_raises_the_clients_own_exception(client, stored):
    other = {"S3Object": {**stored["S3Object"], "Version": "another"}}

    with pytest.raises(client.exceptions.InvalidS3ObjectException):
        client.detect_faces(Image=other)


def test_a_stored_picture_beyond_fifteen_megabytes_raises_the_clients_own_exception(client, stack, stored):
    place = {**stored["S3Object"], "Name": "images/mine/large.jpg"}
    stack.cloud.client("s3").put_object(Bucket=place["Bucket"], Key=place["Name"], Body=b"\xff" * 15_728_641)

    with pytest.raises(client.exceptions.ImageTooLargeException):
        client.detect_faces(Image={"S3Object": place})


def test_what_only_the_service_checks_is_checked_here(client, stored):
    with pytest.raises(client.exceptions.InvalidParameterException):
        client.compare_faces(SourceImage=stored, TargetImage=stored, SimilarityThreshold=101)
    with pytest.raises(client.exceptions.InvalidParameterException):
        client.compare_faces(SourceImage=stored, TargetImage=stored, QualityFilter="BEST")
    with pytest.raises(client.exceptions.InvalidParameterException):
        client.detect_faces(Image=stored, Attributes=["EVERYTHING"])


def test_a_source_without_a_face_raises_the_clients_own_exception(client, stored):
    blank = io.BytesIO()
    Image.new("RGB", (200, 200), "gray").save(blank, "JPEG")

    with pytest.raises(client.exceptions.InvalidParameterException, match="SourceImage"):
        client.compare_faces(SourceImage={"Bytes": blank.getvalue()}, TargetImage=stored)


def test_rekognitions_other_operations_are_not_made_up(client, stored):
    with pytest.raises(ClientError, match="UnknownOperationException"):
        client.detect_labels(Image=stored)
