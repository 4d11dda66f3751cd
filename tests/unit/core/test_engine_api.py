"""The engines' answers as they come: recorded real ones go through, whatever has another form is a failed engine."""

import copy
import io
import json
from datetime import date

import pytest

from cari_core.engine_api import BarcodeAnswer, FaceComparison, MrzAnswer, RepairAnswer
from cari_core.errors import EngineUnavailable
from cari_core.picture import StoredPicture
from cari_decision import evidence_record
from cari_decision.decision import decide
from cari_decision.evidence import EngineFailure, Faces, Mrz
from cari_decision.policy import default_policy
from cari_decision.policy_context import BUILT_IN
from cari_verification.aws import engines
from cari_verification.aws.engines import Engines
from cari_verification.reports import BarcodeReport, MrzReport
from tests.recorded.answers import FACES, MRZS, recorded
from tests.unit.evidence_of_specimens import evidence

STORED = StoredPicture("bucket", "images/x/front.jpg", "image/jpeg", 1000, 700, "front.jpg")
TODAY = date(2026, 6, 1)
REFUSED = "faces-no-portrait"
COMPARED = [name for name in FACES if name != REFUSED]


class Saying:
    """So much of a Lambda client as an engine is asked by; it answers these bytes."""

    def __init__(self, payload):
        self._payload = payload if isinstance(payload, bytes) else json.dumps(payload).encode()

    def invoke(self, **_):
        return {"Payload": io.BytesIO(self._payload)}


def asked(client):
    return Engines(client, "face_compare", "mrz", "mrz_fallback", lambda _: {"Url": ""})


def compared(payload):
    return asked(Saying(payload)).compare_faces(STORED, STORED)


def read(payload):
    return asked(Saying(payload)).read_mrz(STORED, "front", 20)


def without(answer, *path):
    """Leave a member out of an answer."""
    answer = copy.deepcopy(answer)
    place = answer
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return answer


def with_(answer, value, *path):
    """Put another value into an answer."""
    answer = copy.deepcopy(answer)
    place = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return answer


def decided(faces):
    decision = decide(evidence(faces=faces), default_policy(), TODAY)
    return decision.status, [reason.code for reason in decision.reasons]


def test_a_similarity_of_75_of_rekognitions_is_for_a_person_to_see():
    assert decided(compared(recorded("faces-rekognition-75"))) == ("review", ["face_uncertain"])


def test_the_bundled_models_similarity_stands_for_false_match_rates():
    faces = compared(recorded("faces-same-person"))

    assert (faces.states_fmr, decided(faces)) == (True, ("approved", []))


@pytest.mark.parametrize(
    "engine",
    [
        None,
        {"Name": "rekognition"},
        {"name": "rekognition"},
        {"Name": "Rekognition"},
        {"Name": "another"},
        {"Name": ""},
    ],
)
def test_an_engine_that_is_not_known_to_state_error_rates_states_none(engine):
    answer = {**recorded("faces-rekognition-75"), "Engine": engine}

    assert not compared(answer).states_fmr


def test_an_answer_that_names_no_engine_states_no_error_rates():
    answer = without(recorded("faces-rekognition-75"), "Engine")

    assert decided(compared(answer)) == ("review", ["face_uncertain"])


@pytest.mark.parametrize("name", COMPARED)
def test_recorded_faces_are_evidence_as_they_were_answered(name):
    assert compared(recorded(name)).response == recorded(name)


def test_a_recorded_refusal_says_that_the_document_has_no_portrait():
    assert compared(recorded(REFUSED)) == EngineFailure("no_portrait", "front")


@pytest.mark.parametrize("name", MRZS)
def test_a_recorded_reading_is_evidence_as_it_was_answered(name):
    assert read(recorded(name)).reading == recorded(name)


@pytest.mark.parametrize("name", MRZS)
def test_the_model_has_every_field_that_the_reader_gives(name):
    assert recorded(name).keys() <= MrzAnswer.model_fields.keys()


def test_what_rekognition_may_add_is_kept():
    answer = {**recorded("faces-rekognition-75"), "TargetImageOrientationCorrection": "ROTATE_0"}

    assert compared(answer).response == answer


SAME = recorded("faces-same-person")
PASSPORT = recorded("mrz-passport")
OF_NO_FORM = [b"", b"?", b"null", b"[]", b'"text"', b"1", b"{}", b'{"errorType": "Sandbox.Timedout"}']


@pytest.mark.parametrize(
    "answer",
    [
        *OF_NO_FORM,
        without(SAME, "FaceMatches"),
        without(SAME, "UnmatchedFaces"),
        without(SAME, "FaceMatches", 0, "Similarity"),
        without(SAME, "FaceMatches", 0, "Face", "BoundingBox"),
        without(SAME, "SourceImageFace", "BoundingBox", "Left"),
        with_(SAME, "100", "FaceMatches"),
        with_(SAME, 101, "FaceMatches", 0, "Similarity"),
        with_(SAME, -1, "FaceMatches", 0, "Similarity"),
        with_(SAME, None, "FaceMatches", 0, "Similarity"),
        with_(SAME, float("nan"), "FaceMatches", 0, "Similarity"),
        with_(SAME, float("inf"), "SourceImageFace", "BoundingBox", "Left"),
        with_(SAME, 0, "FaceMatches", 0, "Face", "BoundingBox", "Width"),
        with_(SAME, ["no_such_finding"], "Reasons", "TargetImage"),
        with_(SAME, {}, "PresentationSignals"),
        with_(SAME, "cari_face", "Engine"),
        with_(SAME, {}, "Engine"),
    ],
)
def test_faces_of_another_form_are_an_engine_that_is_not_there(answer):
    with pytest.raises(EngineUnavailable):
        compared(answer)


@pytest.mark.parametrize(
    "answer",
    [
        *OF_NO_FORM,
        without(PASSPORT, "found"),
        without(PASSPORT, "valid"),
        with_(PASSPORT, "no", "valid"),
        with_(PASSPORT, 1, "valid"),
        with_(PASSPORT, 101, "valid_score"),
        with_(PASSPORT, 740812, "date_of_birth"),
        with_(PASSPORT, {"standard": "AAMVA"}, "barcode"),
        with_(PASSPORT, "cari_mrz", "engine"),
    ],
)
def test_a_reading_of_another_form_is_an_engine_that_is_not_there(answer):
    with pytest.raises(EngineUnavailable):
        read(answer)


EMBEDDING = {"Model": "model", "Vector": "ADwAAA==", "FalseMatchRates": [{"Cosine": 0.9, "FalseMatchRate": 0.01}]}


@pytest.mark.parametrize(
    "embedding",
    [
        {},
        {**EMBEDDING, "Vector": "?"},
        {**EMBEDDING, "Vector": "ADwA"},
        {**EMBEDDING, "Vector": ""},
        {**EMBEDDING, "FalseMatchRates": []},
        {**EMBEDDING, "FalseMatchRates": [{"Cosine": 0.9, "FalseMatchRate": 0}]},
    ],
)
def test_an_embedding_of_another_form_is_an_engine_that_is_not_there(embedding):
    client = Saying({**SAME, "TargetEmbedding": embedding})

    with pytest.raises(EngineUnavailable):
        asked(client).compare_and_embed(STORED, STORED)


def test_a_refusal_is_one_whatever_else_it_says():
    with pytest.raises(EngineUnavailable):
        compared({**SAME, "__type": "ThrottlingException"})


def test_what_was_answered_in_another_form_is_logged_by_its_type_alone(monkeypatch):
    said = []
    monkeypatch.setattr(engines.logger, "error", lambda message, extra: said.append((message, extra)))

    with pytest.raises(EngineUnavailable):
        read({"found": True, "surname": ["ERIKSSON"]})

    ((message, fields),) = said
    assert (message, fields["engine"], fields["error_type"]) == ("engine unavailable", "mrz", "ValidationError")
    assert "ERIKSSON" not in str(fields)


def test_the_readers_answer_and_the_public_report_have_the_same_types():
    shared = MrzReport.model_fields.keys() & MrzAnswer.model_fields.keys()
    report = MrzReport.model_validate({name: value for name, value in PASSPORT.items() if name in shared})

    assert shared == MrzReport.model_fields.keys()
    assert report.model_dump(mode="json", exclude_unset=True) == {
        name: PASSPORT[name] for name in PASSPORT if name in shared
    }
    assert BarcodeReport.model_fields.keys() <= BarcodeAnswer.model_fields.keys()
    assert (
        MrzReport.model_fields["repairs"].annotation.__args__[0].model_fields.keys() == RepairAnswer.model_fields.keys()
    )


def old_record(engine):
    """Write evidence as a release did that kept no `states_fmr`."""
    answer = {**recorded("faces-rekognition-75"), "Engine": engine}
    record = evidence_record.record(
        evidence(faces=Faces(answer, (400, 500), (1000, 700))),
        policy=BUILT_IN,
        today=TODAY,
        pictures={},
    )
    del record["evidence"]["faces"]["states_fmr"]
    return record


@pytest.mark.parametrize("engine", [None, {"Name": "rekognition"}, {"Name": "cari_face"}, {}])
def test_what_was_decided_before_engines_were_told_apart_is_decided_the_same_again(engine):
    assert evidence_record.decide_again(old_record(engine)).status == "approved"


def test_what_is_kept_of_faces_says_whether_they_state_error_rates():
    faces = compared(recorded("faces-rekognition-75"))
    record = evidence_record.record(evidence(faces=faces), policy=BUILT_IN, today=TODAY, pictures={})

    assert evidence_record.evidence_of(record).faces == faces
    assert evidence_record.decide_again(record).status == "review"


def test_the_model_writes_what_it_read():
    assert FaceComparison.model_validate(SAME).plain() == SAME
    assert MrzAnswer.model_validate(PASSPORT).plain() == PASSPORT
    assert isinstance(read(PASSPORT), Mrz)
