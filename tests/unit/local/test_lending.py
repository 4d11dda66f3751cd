import base64
import json

import pytest

from cari_aws.engine_requests import MAX_INLINE_BYTES, PictureTooLarge, Refusal
from local.lambda_runtime.lending import fitting
from local.lambda_runtime.runtime_api import MAX_PAYLOAD_BYTES

LARGEST = b"\xff" * MAX_INLINE_BYTES


class Bucket:
    """Keeps objects as S3 does."""

    def __init__(self):
        self.objects = {}

    def put_object(self, *, Bucket, Key, Body):  # noqa: N803  # boto3's names
        self.objects[Bucket, Key] = Body

    def delete_object(self, *, Bucket, Key):  # noqa: N803  # likewise
        del self.objects[Bucket, Key]

    def generate_presigned_url(self, operation, params, ExpiresIn):  # noqa: N803  # likewise
        assert (operation, ExpiresIn > 0) == ("get_object", True)
        return "signed:{Bucket}:{Key}".format(**params)


def inline(picture):
    return {"Bytes": base64.b64encode(picture).decode()}


def compare(source, target):
    return {"SourceImage": inline(source), "TargetImage": inline(target), "SimilarityThreshold": 70}


def test_small_pictures_stay_in_the_event():
    request, s3 = compare(b"one", b"other"), Bucket()

    with fitting(request, s3, "pictures") as event:
        lent = dict(s3.objects)

    assert (json.loads(event), lent) == (request, {})


def test_two_of_the_largest_pictures_are_lent_and_taken_back():
    s3 = Bucket()

    with fitting(compare(LARGEST, LARGEST), s3, "pictures") as written:
        event, lent = json.loads(written), dict(s3.objects)

    places = [tuple(event[name]["Url"].split(":")[1:]) for name in ("SourceImage", "TargetImage")]
    assert [lent[place] for place in places] == [LARGEST, LARGEST]
    assert all(name.startswith("images/") for _, name in places)
    assert event["SimilarityThreshold"] == 70
    assert s3.objects == {}


def test_pictures_are_taken_back_when_the_function_fails():
    s3 = Bucket()

    with pytest.raises(OSError, match="down"), fitting(compare(LARGEST, LARGEST), s3, "pictures"):
        raise OSError("down")

    assert s3.objects == {}


def test_a_picture_that_rekognition_would_not_take_inline_is_not_lent_either():
    s3 = Bucket()

    with pytest.raises(PictureTooLarge), fitting(compare(LARGEST + b"\xff", b"other"), s3, "pictures"):
        pass

    assert s3.objects == {}


def test_a_request_that_is_large_without_its_pictures_is_refused():
    with pytest.raises(Refusal), fitting({"Attributes": ["A" * MAX_PAYLOAD_BYTES]}, Bucket(), "pictures"):
        pass
