import math
import random
from base64 import b64encode

import pytest

from cari_core.engine_api import Embedding
from cari_verification.face_embedding import FaceEmbedding, dot, packed, unpacked

RATES = ((0.85, 0.5), (0.9, 0.01), (0.95, 1e-5))
GENERATOR = random.Random(7)  # noqa: S311  # a test's
CLOSE = 2e-4  # what half precision may do to a cosine


def unit(near=None, spread=1.0):
    drawn = [GENERATOR.gauss(0, spread) + (near[i] if near else 0) for i in range(128)]
    return tuple(value / math.hypot(*drawn) for value in drawn)


def embedding(values=(1.0, 0.0)):
    return FaceEmbedding("model", values, RATES)


@pytest.mark.parametrize(("cosine", "fmr"), [(-1.0, 1.0), (-1.1, 1.0), (0.85, 0.5), (0.9, 0.01), (0.95, 1e-5)])
def test_the_rate_at_a_measured_cosine_is_the_measured_one(cosine, fmr):
    assert embedding().fmr(cosine) == pytest.approx(fmr)


def test_between_two_the_rate_is_straight_in_its_logarithm():
    assert embedding().fmr(0.925) == pytest.approx(math.sqrt(0.01 * 1e-5))


@pytest.mark.parametrize("cosine", [0.951, 0.99, 1.0, 1.0001])
def test_nothing_is_claimed_beyond_what_was_measured(cosine):
    assert embedding().fmr(cosine) == embedding().least_fmr == 1e-5


def test_what_the_engine_tells_is_read():
    told = {
        "Model": "model",
        "Vector": b64encode(packed((1.0, 0.0))).decode(),
        "FalseMatchRates": [{"Cosine": cosine, "FalseMatchRate": fmr} for cosine, fmr in reversed(RATES)],
    }

    assert FaceEmbedding.of(Embedding.model_validate(told)) == embedding()


def test_the_vector_is_not_in_what_is_printed_of_it():
    assert "0.12345" not in repr(embedding((0.12345, 0.0)))


def test_a_packed_vector_takes_two_bytes_a_number_and_keeps_its_cosines():
    one, other = unit(), unit()

    assert len(packed(one)) == 256
    assert dot(unpacked(packed(one)), unpacked(packed(other))) == pytest.approx(dot(one, other), abs=CLOSE)
