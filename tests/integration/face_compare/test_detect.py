import io
import json
from dataclasses import replace

import botocore.session
import pytest
from botocore.parsers import create_parser
from botocore.validate import ParamValidator
from PIL import Image

import cari_face
from functions.face_compare import app, bundled
from functions.face_compare.request import Attribute, DetectFacesRequest
from tests.unit.face_compare.pictures import BLANK, encoded, inline

MODEL = botocore.session.get_session().get_service_model("rekognition").operation_model("DetectFaces")
ALWAYS_TOLD = {"BoundingBox", "Confidence", "Landmarks", "Pose", "Quality"}


def detected(picture, **more):
    return app.handler({"Image": inline(picture), **more}, None)


def test_the_answer_parses_as_rekognitions_own_and_loses_nothing(selfie):
    answer = detected(selfie, Attributes=["ALL"])
    response = {"status_code": 200, "headers": {}, "body": json.dumps(answer).encode()}

    parsed = create_parser("json").parse(response, MODEL.output_shape)

    del parsed["ResponseMetadata"]
    assert parsed == answer


def test_the_answer_keeps_to_the_service_models_types_and_bounds(selfie):
    answer = detected(selfie, Attributes=["ALL"])

    assert not ParamValidator().validate(answer, MODEL.output_shape).has_errors()


def test_landmarks_carry_only_rekognitions_names(selfie):
    names = MODEL.output_shape.members["FaceDetails"].member.members["Landmarks"].member.members["Type"].enum

    (face,) = detected(selfie)["FaceDetails"]

    assert {mark["Type"] for mark in face["Landmarks"]} <= set(names)


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ([], set()),
        (["DEFAULT"], set()),
        (["MOUTH_OPEN"], {"MouthOpen"}),
        (["DEFAULT", "EYEGLASSES", "SUNGLASSES"], {"Eyeglasses", "Sunglasses"}),
        (["EYES_OPEN", "FACE_OCCLUDED"], {"EyesOpen", "FaceOccluded"}),
        (["DEFAULT", "ALL"], {"MouthOpen", "Eyeglasses", "Sunglasses", "EyesOpen", "FaceOccluded"}),
        (["AGE_RANGE", "EMOTIONS", "GENDER", "SMILE"], set()),
    ],
)
def test_what_is_asked_for_and_can_be_told_is_told(selfie, attributes, told):
    (face,) = detected(selfie, Attributes=attributes)["FaceDetails"]

    assert set(face) == ALWAYS_TOLD | told


@pytest.mark.parametrize(("worn", "eye", "sun"), [("NONE", False, False), ("EYE", True, False), ("SUN", False, True)])
def test_one_kind_of_glasses_is_worn_at_most(selfie, monkeypatch, worn, eye, sun):
    def wearing(image, **how):
        glasses = cari_face.Glasses[worn]
        return [replace(face, glasses=replace(face.glasses, value=glasses)) for face in found(image, **how)]

    found = cari_face.find_faces
    monkeypatch.setattr(bundled.cari_face, "find_faces", wearing)

    (face,) = detected(selfie, Attributes=["ALL"])["FaceDetails"]

    assert (face["Eyeglasses"]["Value"], face["Sunglasses"]["Value"]) == (eye, sun)


@pytest.mark.parametrize(("lips", "is_open"), [("APART", True), ("TOGETHER", False)])
def test_a_mouth_is_open_when_its_lips_are_apart(selfie, monkeypatch, lips, is_open):
    def speaking(image, **how):
        return [replace(face, lips=replace(face.lips, value=cari_face.Lips[lips])) for face in found(image, **how)]

    found = cari_face.find_faces
    monkeypatch.setattr(bundled.cari_face, "find_faces", speaking)

    (face,) = detected(selfie, Attributes=["MOUTH_OPEN"])["FaceDetails"]

    assert face["MouthOpen"]["Value"] is is_open


def test_every_face_is_described_the_largest_first(selfie):
    one = Image.open(io.BytesIO(selfie))
    two = Image.new("RGB", (1400, 960), "gray")
    two.paste(one.resize((384, 480)), (0, 0))
    two.paste(one, (500, 0))

    widths = [face["BoundingBox"]["Width"] for face in detected(encoded(two))["FaceDetails"]]

    assert widths == [pytest.approx(2 * widths[1], rel=0.2), widths[1]]


def test_a_picture_without_a_face_is_an_empty_answer():
    assert detected(BLANK) == {"FaceDetails": []}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Image": None}, "InvalidParameterException"),
        ({"Image": {}}, "InvalidParameterException"),
        ({"Attributes": "ALL"}, "InvalidParameterException"),
        ({"Attributes": ["EVERYTHING"]}, "InvalidParameterException"),
        ({"Attributes": [["ALL"]]}, "InvalidParameterException"),
        ({"QualityFilter": "NONE"}, "InvalidParameterException"),
        ({"SourceImage": inline(BLANK)}, "InvalidParameterException"),
        ({"Image": inline(b"I am a picture, honestly.")}, "InvalidImageFormatException"),
        ({"Image": inline(b"\xff\xd8\xff" + b"\0" * 5_300_000)}, "ImageTooLargeException"),
    ],
)
def test_a_bad_request_gets_rekognitions_name_for_it(change, code):
    assert app.handler({"Image": inline(BLANK), **change}, None)["__type"] == code


def test_the_service_models_attributes_are_those_that_may_be_asked_for():
    names = MODEL.input_shape.members["Attributes"].member.enum

    assert DetectFacesRequest.of({"Attributes": names}).attributes == tuple(names)
    assert set(Attribute.__args__) == set(names)
