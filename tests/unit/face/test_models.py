import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cari_face
from cari_core.similarity import similarity
from cari_face import models
from cari_face.models import Calibration, Crop, PairKind, PictureKind, UncalibratedModelError

BUILT_IN = models.built_in()


def test_a_model_is_refused_for_pairs_that_it_was_not_calibrated_for():
    uncalibrated = models.model("sface")

    with pytest.raises(UncalibratedModelError, match="sface has no calibration for photo pairs"):
        uncalibrated.calibration(PairKind.PHOTO)


@pytest.mark.parametrize("name", models.registry())
def test_every_model_puts_its_points_inside_its_crop(name):
    for embedder in models.model(name).embedders:
        assert len(embedder.mesh) == len(embedder.points)
        assert ((embedder.points > 0) & (embedder.points < embedder.side)).all()


@pytest.mark.parametrize("name", models.registry())
def test_every_embedder_names_its_terms_and_files_with_their_hashes(name):
    entry = models.registry()[name]
    if "parts" in entry:
        assert entry["parts"].keys() < models.registry().keys()
        return

    assert entry["licence"]
    assert entry["trained_on"]
    assert all(len(bytes.fromhex(file["sha256"])) == 32 for file in entry["source"]["files"])


@pytest.mark.parametrize("kind", PairKind)
def test_the_built_in_model_is_calibrated_for_every_kind_of_pair(kind):
    calibration = BUILT_IN.calibration(kind)

    assert list(calibration.cosines) == sorted(calibration.cosines)
    assert list(calibration.fmr) == sorted(calibration.fmr, reverse=True)
    assert list(calibration.fnmr) == sorted(calibration.fnmr)


def test_rates_between_two_thresholds_are_straight_in_their_logarithm():
    calibration = Calibration((-1.0, 0.8, 0.9, 1.0), (1.0, 1e-2, 1e-4, 1e-6), (0.0, 0.1, 0.3, 1.0))

    assert calibration.false_match_rate(0.85) == pytest.approx(1e-3)
    assert calibration.false_non_match_rate(0.85) == pytest.approx(0.2)


@pytest.mark.parametrize(("fmr", "alike"), [(1.0, 0.0), (1e-1, 0.25), (1e-2, 0.5), (1e-3, 0.8), (1e-4, 0.95)])
def test_the_similarity_stands_on_the_false_match_rate(fmr, alike):
    assert similarity(fmr) == pytest.approx(alike)


@given(st.floats(-1, 1), st.floats(-1, 1), st.sampled_from(PairKind))
def test_a_greater_cosine_is_never_less_alike(one, other, kind):
    low, high = sorted((one, other))
    rates = [BUILT_IN.calibration(kind).false_match_rate(cosine) for cosine in (low, high)]

    assert rates[0] >= rates[1]
    assert 0 <= similarity(rates[0]) <= similarity(rates[1]) <= 1


def test_a_layer_with_another_model_than_was_asked_for_is_refused():
    with pytest.raises(cari_face.WrongModelError, match=f"holds {BUILT_IN.name}, not sface"):
        cari_face.load("sface")


def test_the_registry_is_read_as_it_is_written():
    (dlib,) = models.model("dlib-resnet-v1").embedders

    assert np.allclose(dlib.points[0], (110.957, 46.35))
    assert dlib.careful[PictureKind.PORTRAIT][1] == Crop(0.93, mirrored=True, blur=0.012)
