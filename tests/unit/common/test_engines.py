import io
import json

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from cari_core.errors import EngineUnavailable
from cari_core.picture import Picture, StoredPicture, compare_and_embed, compare_faces, read_mrz
from cari_decision.evidence import EngineFailure

STORED = StoredPicture("bucket", "images/x/front.jpg", Picture(b"", "image/jpeg", 1000, 700, "front.jpg"))


@pytest.fixture
def client():
    return boto3.client("lambda", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing")


def answering(client, payload, **more):
    stubber = Stubber(client)
    stubber.add_response("invoke", {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(payload).encode()), **more})
    stubber.activate()
    return client


def compared(client):
    return compare_faces(client, "face_compare", document=STORED, selfie=STORED)


def embedded(client):
    return compare_and_embed(client, "face_compare", document=STORED, selfie=STORED)


def read(client):
    return read_mrz(client, "mrz", STORED, "front", budget_s=20)


def test_pictures_travel_as_keys_never_as_bytes():
    sent = []

    class Listening:
        def invoke(self, *, Payload, **_):  # noqa: N803  # boto3's name
            sent.append(json.loads(Payload))
            return {"Payload": io.BytesIO(b'{"found": false, "valid": false}')}

    read(Listening())

    assert sent[0]["Image"] == {"S3Object": {"Bucket": "bucket", "Name": "images/x/front.jpg"}}


@pytest.mark.parametrize("also", [set(), {"Barcode"}, {"PrintedText"}, {"Barcode", "PrintedText"}])
def test_what_is_to_be_read_beside_the_mrz_is_asked_for_and_nothing_else(also):
    sent = []

    class Listening:
        def invoke(self, *, Payload, **_):  # noqa: N803  # boto3's name
            sent.append(json.loads(Payload))
            return {"Payload": io.BytesIO(b'{"found": false, "valid": false}')}

    read_mrz(Listening(), "mrz", STORED, "back", budget_s=20, also=frozenset(also))

    assert {name for name in ("Barcode", "PrintedText") if sent[0].get(name) is True} == also


def test_a_document_without_a_face_is_told_from_a_crash(client):
    answer = compared(answering(client, {"__type": "InvalidParameterException", "Message": "no face"}))

    assert answer == EngineFailure("no_portrait", "front")


@pytest.mark.parametrize("ask", [compared, embedded, read])
def test_a_crashed_engine_has_said_nothing_of_the_picture(client, ask):
    crashed = answering(client, {"errorType": "Runtime.ExitError"}, FunctionError="Unhandled")

    with pytest.raises(EngineUnavailable):
        ask(crashed)


@pytest.mark.parametrize("ask", [compared, embedded, read])
def test_a_throttled_engine_has_said_nothing_of_the_picture(client, ask):
    stubber = Stubber(client)
    stubber.add_client_error("invoke", "TooManyRequestsException", http_status_code=429)
    stubber.activate()

    with pytest.raises(EngineUnavailable):
        ask(client)


@pytest.mark.parametrize("ask", [compared, embedded, read])
def test_a_dead_connection_has_said_nothing_of_the_picture(ask):
    class Dead:
        def invoke(self, **_):
            raise ReadTimeoutError(endpoint_url="https://lambda")

    with pytest.raises(EngineUnavailable):
        ask(Dead())


@pytest.mark.parametrize("ask", [compared, embedded, read])
@pytest.mark.parametrize("payload", [b"", b'{"FaceMatches": [', b"\xff"])
def test_an_answer_that_was_cut_off_says_nothing_of_the_picture(ask, payload):
    class Cut:
        def invoke(self, **_):
            return {"Payload": io.BytesIO(payload)}

    with pytest.raises(EngineUnavailable):
        ask(Cut())


@pytest.mark.parametrize(
    ("ask", "refusal"),
    [(compared, "InvalidS3ObjectException"), (read, "InvalidS3ObjectException"), (read, "InvalidParameterException")],
)
def test_a_request_that_an_engine_refuses_says_nothing_of_the_picture(client, ask, refusal):
    with pytest.raises(EngineUnavailable):
        ask(answering(client, {"__type": refusal, "Message": "no"}))


def test_a_picture_that_does_not_decode_is_named(client):
    answer = read(answering(client, {"__type": "InvalidImageFormatException", "Message": "damaged"}))

    assert answer == EngineFailure("document_unreadable", "front")


NOBODY = {"FaceMatches": [], "UnmatchedFaces": []}
EMBEDDING = {"Model": "model", "Vector": "ADwAAA==", "FalseMatchRates": [{"Cosine": 0.9, "FalseMatchRate": 0.01}]}


def test_an_embedding_comes_beside_the_faces_and_never_in_them(client):
    faces, embedding = embedded(answering(client, {**NOBODY, "TargetEmbedding": EMBEDDING}))

    assert (faces.response, embedding.values) == (NOBODY, (1.0, 0.0))


def test_an_engine_that_has_no_embedding_gives_none(client):
    faces, embedding = embedded(answering(client, NOBODY))

    assert (faces.response, embedding) == (NOBODY, None)


@pytest.mark.parametrize(("ask", "asked"), [(compared, None), (embedded, True)])
def test_an_embedding_is_asked_for_only_where_one_is_wanted(ask, asked):
    sent = []

    class Listening:
        def invoke(self, *, Payload, **_):  # noqa: N803  # boto3's name
            sent.append(json.loads(Payload))
            return {"Payload": io.BytesIO(json.dumps(NOBODY).encode())}

    ask(Listening())

    assert sent[0].get("TargetEmbedding") == asked
