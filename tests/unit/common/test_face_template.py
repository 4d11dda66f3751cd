import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cari_common.face_template import FaceTemplate, cosine, mirrored, packed, unpacked
from tests.unit.common.templates import SIZE, face, template

SECRETS = st.binary(min_size=32, max_size=32)


@given(SECRETS, st.integers(), st.integers())
def test_turning_leaves_every_cosine_as_it_was(secret, one, other):
    a, b = face(one), face(other)

    assert cosine(mirrored(a, secret), mirrored(b, secret)) == pytest.approx(cosine(a, b), abs=1e-9)


@given(SECRETS, SECRETS, st.integers())
def test_one_face_turned_by_two_secrets_is_two_faces(one, other, seed):
    same = face(seed)

    assert one == other or abs(cosine(mirrored(same, one), mirrored(same, other))) < 0.6


def test_a_turned_face_does_not_look_like_itself():
    same = face(1)

    assert abs(cosine(same, mirrored(same, b"secret" * 6))) < 0.4


@given(st.integers(), st.integers())
def test_half_precision_moves_a_cosine_by_less_than_a_two_thousandth(one, other):
    a, b = face(one), face(other)

    assert cosine(unpacked(packed(a)), unpacked(packed(b))) == pytest.approx(cosine(a, b), abs=5e-4)


def test_between_two_measured_cosines_the_rate_is_straight_in_its_logarithm():
    known = template(face(1))

    assert (known.fmr(0.9), known.fmr(0.925), known.fmr(0.95)) == pytest.approx((1e-2, math.sqrt(1e-6), 1e-4))


def test_an_engines_answer_is_read_whatever_its_order():
    answer = {"Model": "m", "Vector": "ADwAAA==", "FalseMatchRates": [[0.9, 0.01], [0.5, 0.5]]}

    assert FaceTemplate.of(answer) == FaceTemplate("m", (1.0, 0.0), (0.5, 0.9), (0.5, 0.01))


def test_a_packed_face_takes_two_bytes_a_number():
    assert len(packed(face(1))) == 2 * SIZE
