import io
import json
import math
from pathlib import Path

import botocore.session
import pytest
from botocore.parsers import create_parser
from botocore.validate import ParamValidator
from PIL import Image, ImageFilter

import cari_face
from cari_face import engine, models
from functions.face_compare import app
from specimens import people, specimen
from tests.served_pictures import picture_at  # noqa: F401  # a fixture
from tests.unit.face_compare.pictures import BLANK, encoded, inline

MODEL = botocore.session.get_session().get_service_model("rekognition").operation_model("CompareFaces")


def compared(source, target, **more):
    return app.handler({"SourceImage": inline(source), "TargetImage": inline(target), **more}, None)


def test_the_answer_parses_as_rekognitions_own(selfie):
    answer = compared(selfie, selfie)
    response = {"status_code": 200, "headers": {}, "body": json.dumps(answer).encode()}

    parsed = create_parser("json").parse(response, MODEL.output_shape)

    face = parsed["FaceMatches"][0]["Face"]
    assert parsed["FaceMatches"][0]["Similarity"] > 99
    assert set(face) == {"BoundingBox", "Confidence", "Landmarks", "Pose", "Quality"}


def test_the_engine_is_named_with_the_digests_of_its_weights(selfie):
    promised = (Path(cari_face.__file__).with_name("weights") / "SHA256SUMS").read_text()

    told = compared(selfie, selfie)["Engine"]

    model = models.built_in()
    assert (told["Name"], told["Model"], len(told["Weights"])) == ("cari_face", model.name, 2 + len(model.embedders))
    assert all(f"{digest}  {file}" in promised for file, digest in told["Weights"].items())


def test_another_calibration_is_another_engine(monkeypatch):
    before = engine.identity.__wrapped__()["Calibration"]
    name, entries = models.built_in().name, models.registry()
    monkeypatch.setattr(models, "registry", lambda: {**entries, name: {**entries[name], "calibration": {}}})

    assert engine.identity.__wrapped__()["Calibration"] != before


def test_the_answer_keeps_to_the_service_models_types_and_bounds(selfie):
    answer = compared(selfie, selfie)
    for match in answer["FaceMatches"]:
        match["Face"].pop("Attributes")
    answer.pop("Engine")

    assert not ParamValidator().validate(answer, MODEL.output_shape).has_errors()


def test_landmarks_carry_only_rekognitions_names(selfie):
    names = MODEL.output_shape.members["UnmatchedFaces"].member.members["Landmarks"].member.members["Type"].enum

    found = {mark["Type"] for mark in compared(selfie, selfie)["FaceMatches"][0]["Face"]["Landmarks"]}

    assert found <= set(names)
    assert {"eyeLeft", "eyeRight", "nose", "mouthLeft", "mouthRight", "chinBottom"} <= found


def test_boxes_are_ratios_of_the_picture(selfie):
    box = compared(selfie, selfie)["SourceImageFace"]["BoundingBox"]

    assert box["Left"] + box["Width"] / 2 == pytest.approx(0.495, abs=0.04)


def test_a_face_below_the_threshold_is_unmatched(selfie):
    somebody_else = encoded(people.stranger())
    likeness = compared(selfie, somebody_else, SimilarityThreshold=0)["FaceMatches"][0]["Similarity"]

    answer = compared(selfie, somebody_else, SimilarityThreshold=min(100, likeness + 0.001))

    assert likeness < 100
    assert (len(answer["FaceMatches"]), len(answer["UnmatchedFaces"])) == (0, 1)


def test_what_is_wrong_with_a_picture_is_said_beside_the_faces(selfie):
    dark = encoded(specimen.sample_selfie().point(lambda value: value // 12))

    assert compared(selfie, dark, SourceKind="PHOTO")["Reasons"] == {
        "SourceImage": [],
        "TargetImage": ["too_dark", "low_contrast"],
    }


def test_a_source_without_a_face_is_an_invalid_parameter(selfie):
    assert compared(BLANK, selfie)["__type"] == "InvalidParameterException"


def test_a_target_without_a_face_is_an_empty_answer(selfie):
    answer = compared(selfie, BLANK)

    assert (answer["FaceMatches"], answer["UnmatchedFaces"]) == ([], [])


def test_the_strictest_quality_filter_passes_over_a_blurred_face(selfie):
    blurred = encoded(Image.open(io.BytesIO(selfie)).filter(ImageFilter.GaussianBlur(7)))

    assert len(compared(selfie, blurred, QualityFilter="NONE")["FaceMatches"]) == 1
    assert compared(selfie, blurred, QualityFilter="HIGH")["FaceMatches"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"SourceImage": None}, "InvalidParameterException"),
        ({"SourceImage": {}}, "InvalidParameterException"),
        ({"SourceImage": {"Bytes": "A", "Url": ""}}, "InvalidParameterException"),
        ({"SourceImage": {"Bytes": "not base64!"}}, "InvalidParameterException"),
        ({"SourceImage": {"S3Object": {"Bucket": "pictures", "Name": "me.jpg"}}}, "InvalidParameterException"),
        ({"SourceImage": {"Url": None}}, "InvalidParameterException"),
        ({"SourceImage": {**inline(BLANK), "Url": "https://example.com"}}, "InvalidParameterException"),
        ({"SimilarityThreshold": 101}, "InvalidParameterException"),
        ({"SimilarityThreshold": -1}, "InvalidParameterException"),
        ({"SimilarityThreshold": math.nan}, "InvalidParameterException"),
        ({"SimilarityThreshold": True}, "InvalidParameterException"),
        ({"SimilarityThreshold": "80"}, "InvalidParameterException"),
        ({"QualityFilter": "BEST"}, "InvalidParameterException"),
        ({"QualityFilter": ["AUTO"]}, "InvalidParameterException"),
        ({"SourceKind": "SKETCH"}, "InvalidParameterException"),
        ({"Surplus": 1}, "InvalidParameterException"),
        ({"TargetImage": inline(b"I am a picture, honestly.")}, "InvalidImageFormatException"),
        ({"TargetImage": inline(b"\xff\xd8\xff" + b"\0" * 5_300_000)}, "ImageTooLargeException"),
    ],
)
def test_a_bad_request_gets_rekognitions_name_for_it(change, code):
    request = {"SourceImage": inline(BLANK), "TargetImage": inline(BLANK), **change}

    assert app.handler(request, None)["__type"] == code


def test_a_damaged_picture_is_named(selfie):
    assert "TargetImage" in compared(selfie, selfie[:9000])["Message"]


def test_pictures_may_be_named_by_an_address(picture_at, selfie):  # noqa: F811
    stored = {"Url": picture_at("me.jpg", selfie)}

    answer = app.handler({"SourceImage": stored, "TargetImage": stored}, None)

    assert len(answer["FaceMatches"]) == 1


def test_an_object_that_is_not_there_gets_rekognitions_name_for_it(picture_at, selfie):  # noqa: F811
    nowhere = {"Url": picture_at("nowhere.jpg")}

    answer = app.handler({"SourceImage": nowhere, "TargetImage": inline(selfie)}, None)

    assert answer["__type"] == "InvalidS3ObjectException"


@pytest.mark.usefixtures("picture_at")
def test_an_address_of_another_bucket_is_not_followed(selfie):
    elsewhere = {"Url": "http://127.0.0.1/pictures/me.jpg"}

    answer = app.handler({"SourceImage": elsewhere, "TargetImage": inline(selfie)}, None)

    assert answer["__type"] == "InvalidParameterException"
