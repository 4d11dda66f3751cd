from copy import deepcopy

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from cari_aws.engine_requests import NoSuchPicture, Refusal, as_engine
from functions.face_compare import rekognition
from functions.face_compare.request import CompareFacesRequest, DetectFacesRequest
from tests.unit.face_compare.pictures import BLANK, inline

BOX = {"Left": 0.3, "Top": 0.2, "Width": 0.2, "Height": 0.3}
ELSEWHERE = {"Left": 0.7, "Top": 0.2, "Width": 0.2, "Height": 0.3}
IMAGE = inline(BLANK)
SENT = {"Bytes": BLANK}
PLAIN = {"SourceImage": IMAGE, "TargetImage": IMAGE, "SimilarityThreshold": 0, "QualityFilter": "NONE"}
ASKED = {**PLAIN, "SourceImage": SENT, "TargetImage": SENT}
REQUEST = {**PLAIN, "SourceKind": "DOCUMENT"}  # a verification's
COMPARED = {
    "SourceImageFace": {"BoundingBox": BOX, "Confidence": 99.0},
    "FaceMatches": [{"Similarity": 97.0, "Face": {"BoundingBox": BOX, "Confidence": 99.0}}],
    "UnmatchedFaces": [{"BoundingBox": ELSEWHERE, "Confidence": 98.0}],
}


def detail(box, **changes):
    return {
        "BoundingBox": {side: ratio + 0.01 for side, ratio in box.items()},
        "Landmarks": [{"Type": "chinBottom", "X": 0.4, "Y": 0.5}],
        "Eyeglasses": {"Value": False, "Confidence": 91.0},
        "Sunglasses": {"Value": False, "Confidence": 92.0},
        "MouthOpen": {"Value": False, "Confidence": 93.0},
        **changes,
    }


@pytest.fixture
def client(monkeypatch):
    client = boto3.client(
        "rekognition", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    monkeypatch.setattr(rekognition, "rekognition_client", lambda: client)
    return client


@pytest.fixture
def service(client):
    with Stubber(client) as stubber:
        yield stubber


def compared(service, *details):
    service.add_response("compare_faces", deepcopy(COMPARED), ASKED)
    service.add_response("detect_faces", {"FaceDetails": list(details)}, {"Image": SENT, "Attributes": ["ALL"]})
    return rekognition.compare_faces(CompareFacesRequest.of(REQUEST)).plain()


def test_the_services_answer_is_passed_on(service):
    answer = compared(service)

    assert (answer["FaceMatches"][0]["Similarity"], len(answer["UnmatchedFaces"])) == (97.0, 1)
    assert "ResponseMetadata" not in answer


@pytest.mark.parametrize(
    ("seen", "glasses"),
    [
        ({}, "None"),
        ({"Eyeglasses": {"Value": True, "Confidence": 99.0}}, "Eye"),
        ({"Eyeglasses": {"Value": True, "Confidence": 99.0}, "Sunglasses": {"Value": True, "Confidence": 99.0}}, "Sun"),
    ],
)
def test_detect_faces_tells_the_glasses(service, seen, glasses):
    face = compared(service, detail(BOX, **seen))["FaceMatches"][0]["Face"]

    assert face["Attributes"]["Glasses"]["Value"] == glasses


def test_the_service_is_named_as_the_engine_with_the_images_that_it_asks_money_for(service):
    assert compared(service)["Engine"] == {"Name": "rekognition", "Images": 2}


def test_where_there_is_no_face_nobody_is_asked_for_its_details(service):
    service.add_response("compare_faces", {**COMPARED, "FaceMatches": [], "UnmatchedFaces": []}, ASKED)

    answer = rekognition.compare_faces(CompareFacesRequest.of(REQUEST)).plain()

    service.assert_no_pending_responses()
    assert answer["Engine"] == {"Name": "rekognition", "Images": 1}


def test_whoever_asks_as_rekognition_s_own_model_does_pays_for_one_call(service):
    service.add_response("compare_faces", deepcopy(COMPARED), ASKED)

    answer = rekognition.compare_faces(CompareFacesRequest.of(PLAIN)).plain()

    service.assert_no_pending_responses()
    assert answer["Engine"] == {"Name": "rekognition", "Images": 1}
    assert "Attributes" not in answer["FaceMatches"][0]["Face"]


def test_detect_faces_tells_the_lips_and_the_chin(service):
    face = compared(service, detail(BOX, MouthOpen={"Value": True, "Confidence": 99.0}))["FaceMatches"][0]["Face"]

    assert face["Attributes"]["Lips"] == {"Value": "Apart", "Confidence": 99.0}
    assert face["Landmarks"][0]["Type"] == "chinBottom"


def test_each_face_gets_its_own_details(service):
    answer = compared(service, detail(ELSEWHERE, Sunglasses={"Value": True, "Confidence": 99.0}), detail(BOX))

    assert answer["FaceMatches"][0]["Face"]["Attributes"]["Glasses"]["Value"] == "None"
    assert answer["UnmatchedFaces"][0]["Attributes"]["Glasses"]["Value"] == "Sun"


def test_a_face_that_detect_faces_missed_keeps_what_it_has(service):
    assert "Attributes" not in compared(service, detail(ELSEWHERE))["FaceMatches"][0]["Face"]


@pytest.mark.parametrize("code", ["InvalidParameterException", "InvalidImageFormatException", "ImageTooLargeException"])
def test_what_the_service_refuses_is_answered_under_its_name(service, code):
    service.add_client_error("compare_faces", code, "no face")

    answer = as_engine(lambda event, _: rekognition.compare_faces(CompareFacesRequest.of(event)))(REQUEST, None)

    assert answer == {"__type": code, "Message": "no face"}


def test_detect_faces_is_asked_for_what_the_caller_asked(service):
    asked = {"Image": IMAGE, "Attributes": ["DEFAULT", "SMILE"]}
    service.add_response("detect_faces", {"FaceDetails": [detail(BOX)]}, {**asked, "Image": SENT})

    answer = rekognition.detect_faces(DetectFacesRequest.of(asked))

    assert answer == {"FaceDetails": [detail(BOX)]}


def test_what_detect_faces_refuses_is_a_refusal(service):
    service.add_client_error("detect_faces", "InvalidS3ObjectException", "no such key")

    with pytest.raises(NoSuchPicture):
        rekognition.detect_faces(DetectFacesRequest.of({"Image": IMAGE}))


def test_throttling_is_raised_not_answered(service):
    service.add_client_error("compare_faces", "ThrottlingException")

    with pytest.raises(ClientError):
        rekognition.compare_faces(CompareFacesRequest.of(REQUEST))


def test_a_request_that_the_service_model_forbids_never_reaches_it():
    with pytest.raises(Refusal):
        CompareFacesRequest.of({**REQUEST, "QualityFilter": "BEST"})


def test_the_service_is_not_asked_for_an_embedding_and_gives_none(service):
    service.add_response("compare_faces", deepcopy(COMPARED), ASKED)
    service.add_response("detect_faces", {"FaceDetails": []}, {"Image": SENT, "Attributes": ["ALL"]})

    answer = rekognition.compare_faces(CompareFacesRequest.of({**REQUEST, "TargetEmbedding": True})).plain()

    service.assert_no_pending_responses()
    assert "TargetEmbedding" not in answer
