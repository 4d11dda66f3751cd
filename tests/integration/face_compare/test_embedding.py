"""The bundled model's extension TargetEmbedding: the selfie's face as a vector, for whoever asks."""

from base64 import b64decode

import numpy as np
import pytest

from cari_aws.engine_requests import Refusal
from cari_core.engine_api import FaceComparison
from cari_face import engine, find_faces, models, recognition
from cari_face.embedding import EmbeddedFace
from cari_face.models import PairKind, PictureKind
from cari_imaging import decode
from cari_verification.face_embedding import FaceEmbedding, dot
from functions.face_compare import app
from functions.face_compare.request import CompareFacesRequest
from tests.unit.face_compare.pictures import BLANK, inline


def compared(source, target, **more):
    return app.handler({"SourceImage": inline(source), "TargetImage": inline(target), **more}, None)


def test_nobody_is_told_an_embedding_unasked(selfie):
    assert "TargetEmbedding" not in compared(selfie, selfie)
    assert "TargetEmbedding" not in compared(selfie, selfie, SourceKind="DOCUMENT", TargetEmbedding=False)


def test_it_is_the_targets_face_looked_at_as_the_calibration_of_photos_was_made(selfie):
    image = decode(selfie)
    expected = EmbeddedFace(image, find_faces(image)[0].mesh).careful(PictureKind.PHOTO)

    told = compared(selfie, selfie, TargetEmbedding=True)["TargetEmbedding"]

    assert np.frombuffer(b64decode(told["Vector"]), "<f2") == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("kind", ["PHOTO", "DOCUMENT"])
def test_it_is_the_same_whatever_it_is_compared_with(selfie, kind):
    alone = compared(selfie, selfie, TargetEmbedding=True)["TargetEmbedding"]

    assert compared(selfie, selfie, TargetEmbedding=True, SourceKind=kind)["TargetEmbedding"] == alone


def test_the_rest_of_the_answer_is_as_without_it(selfie):
    answer = compared(selfie, selfie, TargetEmbedding=True)
    del answer["TargetEmbedding"]

    assert answer == compared(selfie, selfie)


def test_its_reader_understands_it(selfie):
    answer = FaceComparison.model_validate(compared(selfie, selfie, TargetEmbedding=True))

    embedding = FaceEmbedding.of(answer.TargetEmbedding)

    assert (len(embedding.values), dot(embedding.values, embedding.values)) == (320, pytest.approx(1, abs=1e-3))
    assert embedding.model == recognition.embedder_identity()
    for cosine in (0.62, 0.7, 0.77, 0.8):
        stated = models.built_in().calibration(PairKind.PHOTO).false_match_rate(cosine)
        assert embedding.fmr(cosine) == pytest.approx(stated)


def test_only_rates_that_were_measured_are_told():
    table = models.registry()[models.built_in().name]["calibration"]["photo"]["by_pair"]

    told = recognition.measured_rates()

    assert (len(told), min(fmr for _, fmr in told)) == (6, 1e-5)
    assert len(table) > len(told)


def test_other_weights_make_other_embeddings_and_another_calibration_does_not(monkeypatch):
    before = recognition.embedder_identity.__wrapped__()
    identity = engine.identity()
    monkeypatch.setattr(engine, "identity", lambda: {**identity, "Calibration": "another"})
    recalibrated = recognition.embedder_identity.__wrapped__()
    monkeypatch.setattr(engine, "identity", lambda: {**identity, "Weights": {"another": "0"}})

    assert (recalibrated, recognition.embedder_identity.__wrapped__() == before) == (before, False)


def test_where_the_target_shows_nobody_there_is_none(selfie):
    assert "TargetEmbedding" not in compared(selfie, BLANK, TargetEmbedding=True)


@pytest.mark.parametrize("asked", ["true", 1, None])
def test_what_is_neither_true_nor_false_is_refused(asked):
    with pytest.raises(Refusal, match="TargetEmbedding is true or false"):
        CompareFacesRequest.of({"TargetEmbedding": asked})
