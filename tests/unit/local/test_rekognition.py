"""botocore's own client against the application, with no socket between them."""

import contextlib
import json
from types import SimpleNamespace

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from werkzeug.test import Client
from werkzeug.wrappers import Response

from local.aws import rekognition
from local.lambda_runtime.runtime_api import Outcome, failure

IMAGE = {"Bytes": b"picture"}
BASE64 = {"Bytes": "cGljdHVyZQ=="}


def never(*_):
    pytest.fail("asked")


@contextlib.contextmanager
def as_it_is(request):
    yield json.dumps(request).encode()


def application(invoke, *, others=never):
    return Client(rekognition.before(others, as_it_is, invoke))


def asked_by_boto3(invoke):
    """Make a client whose requests go straight to the application."""
    client = boto3.client(
        "rekognition",
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}),
    )

    def send(request, **_):
        headers = {
            name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
        }
        answer = application(invoke).post("/", data=request.body, headers=headers)
        raw = SimpleNamespace(stream=lambda: [answer.data])
        return AWSResponse(request.url, answer.status_code, answer.headers, raw)

    client.meta.events.register("before-send.rekognition", send)
    return client


def answering(answer):
    return lambda _: Outcome(json.dumps(answer).encode())


def posted(operation, body, invoke=never):
    return application(invoke).post("/", data=body, headers={"X-Amz-Target": f"RekognitionService.{operation}"})


def test_compare_faces_reaches_the_function_as_it_was_asked():
    events = []
    client = asked_by_boto3(lambda event: events.append(json.loads(event)) or Outcome(b'{"FaceMatches": []}'))

    client.compare_faces(SourceImage=IMAGE, TargetImage=IMAGE, SimilarityThreshold=70, QualityFilter="LOW")

    assert events == [{"SourceImage": BASE64, "TargetImage": BASE64, "SimilarityThreshold": 70, "QualityFilter": "LOW"}]


def test_the_functions_answer_is_rekognitions():
    described = [{"Confidence": 99.5, "MouthOpen": {"Value": True, "Confidence": 90.0}}]

    answer = asked_by_boto3(answering({"FaceDetails": described})).detect_faces(Image=IMAGE)

    assert answer["FaceDetails"] == described
    assert answer["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize(
    "code",
    [
        "InvalidParameterException",
        "InvalidS3ObjectException",
        "ImageTooLargeException",
        "InvalidImageFormatException",
    ],
)
def test_a_refusal_is_raised_as_the_clients_own_exception(code):
    client = asked_by_boto3(answering({"__type": code, "Message": "why"}))

    with pytest.raises(getattr(client.exceptions, code)) as raised:
        client.detect_faces(Image=IMAGE)

    assert raised.value.response["Error"] == {"Code": code, "Message": "why"}
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_function_that_fails_is_an_internal_server_error():
    client = asked_by_boto3(lambda _: failure("Sandbox.Timedout", "Task timed out"))

    with pytest.raises(client.exceptions.InternalServerError) as raised:
        client.detect_faces(Image=IMAGE)

    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_an_operation_that_is_not_served_is_unknown_and_not_made_up():
    with pytest.raises(ClientError, match="UnknownOperationException"):
        asked_by_boto3(never).detect_labels(Image=IMAGE)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"Image"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_a_serialization_exception(body):
    answer = posted("DetectFaces", body)

    assert (answer.status_code, json.loads(answer.data)["__type"]) == (400, "SerializationException")
    assert answer.content_type == "application/x-amz-json-1.1"


@pytest.mark.parametrize(
    ("operation", "request_body"),
    [("CompareFaces", {"Image": BASE64}), ("CompareFaces", {"SourceImage": BASE64}), ("DetectFaces", {})],
)
def test_an_operation_without_its_pictures_is_an_invalid_parameter(operation, request_body):
    answer = posted(operation, json.dumps(request_body))

    assert (answer.status_code, json.loads(answer.data)["__type"]) == (400, "InvalidParameterException")


@pytest.mark.parametrize("headers", [{}, {"X-Amz-Target": "DynamoDB_20120810.ListTables"}])
def test_what_is_not_rekognitions_is_left_to_the_others(headers):
    answer = application(never, others=Response("theirs")).post("/", data=b"asked", headers=headers)

    assert answer.text == "theirs"
