import contextlib
import io
import json

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from cari_aws import correlation
from cari_core.errors import EngineUnavailable
from cari_core.picture import StoredPicture
from cari_decision.evidence import EngineFailure
from cari_verification.aws import engines
from cari_verification.aws.engines import Engines

STORED = StoredPicture("bucket", "images/x/front.jpg", "image/jpeg", 1000, 700, "front.jpg")
SURE = {"found": True, "valid": True}
UNSURE = {"found": True, "valid": False, "doubtful": [[0, 3]]}


@pytest.fixture
def client():
    return boto3.client("lambda", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing")


def answering(client, payload, **more):
    stubber = Stubber(client)
    stubber.add_response("invoke", {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(payload).encode()), **more})
    stubber.activate()
    return client


def compared(client):
    return asked(client).compare_faces(STORED, STORED)


def embedded(client):
    return asked(client).compare_and_embed(STORED, STORED)


def read(client):
    return asked(client).read_mrz(STORED, "front", 20)


def asked(client):
    return Engines(client, "face_compare", "mrz", "mrz_fallback", lambda picture: {"Url": f"signed:{picture.key}"})


class Answering:
    """So much of a Lambda client as the engines are asked by: each function's answer, and what each was asked."""

    def __init__(self, **answers):
        self.answers, self.calls = answers, []

    def invoke(self, *, FunctionName, Payload):  # noqa: N803  # boto3's names
        self.calls.append((FunctionName, json.loads(Payload)))
        return {"Payload": io.BytesIO(json.dumps(self.answers[FunctionName]).encode())}


def test_pictures_travel_as_signed_addresses_never_as_bytes():
    sent = []

    class Listening:
        def invoke(self, *, Payload, **_):  # noqa: N803  # boto3's name
            sent.append(json.loads(Payload))
            return {"Payload": io.BytesIO(b'{"found": false, "valid": false}')}

    read(Listening())

    assert sent[0]["Image"] == {"Url": "signed:images/x/front.jpg"}


@pytest.mark.parametrize(
    ("answer", "functions"),
    [
        (SURE, ["mrz"]),
        ({**SURE, "valid": False, "reason": "check_digits"}, ["mrz"]),  # every character is certain
        ({"found": False, "valid": False, "reason": "no_mrz"}, ["mrz"]),
        ({"found": False, "valid": False, "reason": "blurred"}, ["mrz", "mrz_fallback"]),
        (UNSURE, ["mrz", "mrz_fallback"]),
    ],
)
def test_the_fallback_engines_are_asked_only_where_the_reader_saw_an_mrz_and_is_unsure(answer, functions):
    client = Answering(mrz=answer, mrz_fallback={**SURE, "method": "cari+tesseract"})

    read_ = read(client)

    assert [name for name, _ in client.calls] == functions
    assert read_.reading.get("method") == ("cari+tesseract" if len(functions) > 1 else None)


def test_printed_text_is_asked_of_the_fallback_engines_however_sure_the_reader_is():
    client = Answering(mrz=SURE, mrz_fallback={**SURE, "printed_text": []})

    answer = asked(client).read_mrz(STORED, "front", 20, frozenset({"PrintedText"}))

    assert [(name, request.get("PrintedText")) for name, request in client.calls] == [
        ("mrz", None),
        ("mrz_fallback", True),
    ]
    assert answer.reading["printed_text"] == []


def test_a_barcode_is_asked_of_the_reader_alone_and_stays_beside_a_fallback_answer():
    barcode = {"found": True, "number": "D1234562"}
    client = Answering(mrz={**UNSURE, "barcode": barcode}, mrz_fallback=SURE)

    answer = asked(client).read_mrz(STORED, "back", 20, frozenset({"Barcode"}))

    assert [request.get("Barcode") for _, request in client.calls] == [True, None]
    assert (answer.barcode, answer.valid) == (barcode, True)


def test_the_fallback_engines_get_the_time_that_is_left():
    client = Answering(mrz=UNSURE, mrz_fallback=SURE)

    read(client)

    first, second = (request["TimeBudget"] for _, request in client.calls)
    assert (first, 0 < second < 20) == (20, True)


def test_without_time_for_the_fallback_engines_the_readers_answer_counts():
    client = Answering(mrz=UNSURE)

    answer = asked(client).read_mrz(STORED, "front", 0.5)

    assert ([name for name, _ in client.calls], answer.reading["doubtful"]) == (["mrz"], [[0, 3]])


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


@pytest.mark.parametrize(("ask", "wanted"), [(compared, None), (embedded, True)])
def test_an_embedding_is_asked_for_only_where_one_is_wanted(ask, wanted):
    sent = []

    class Listening:
        def invoke(self, *, Payload, **_):  # noqa: N803  # boto3's name
            sent.append(json.loads(Payload))
            return {"Payload": io.BytesIO(json.dumps(NOBODY).encode())}

    ask(Listening())

    assert sent[0].get("TargetEmbedding") == wanted


@pytest.fixture
def calls(monkeypatch):
    """How each call of an engine is counted."""
    counted = []

    def note(_message, extra):
        counted.append((extra["engine"], extra["outcome"], extra["EngineCalls"]))

    monkeypatch.setattr(engines.logger, "info", note)
    monkeypatch.setattr(engines.logger, "error", note)
    return counted


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (SURE, "answered"),
        ({"__type": "InvalidImageFormatException"}, "refused"),
        ({"__type": "ThrottlingException"}, "unavailable"),
        ({"another": "form"}, "unavailable"),
    ],
)
def test_every_call_of_an_engine_is_counted_once_by_what_came_of_it(calls, answer, outcome):
    with contextlib.suppress(EngineUnavailable):
        read(Answering(mrz=answer))

    assert calls == [("mrz", outcome, 1)]


def test_that_the_fallback_engines_were_asked_is_counted_too(calls):
    read(Answering(mrz=UNSURE, mrz_fallback=SURE))

    assert calls == [("mrz", "answered", 1), ("mrz_fallback", "answered", 1)]


def test_an_engine_is_told_for_which_request_it_works():
    client = Answering(mrz=UNSURE, mrz_fallback=SURE)
    correlation.begin("the-request")

    read(client)

    correlation.begin(None)
    assert [request["RequestId"] for _, request in client.calls] == ["the-request", "the-request"]
