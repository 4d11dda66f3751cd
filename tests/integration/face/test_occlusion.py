import numpy as np
import pytest

import cari_face
from cari_face import Part
from tests.benchmarks.face import occlusions


@pytest.fixture(scope="module")
def mesh(selfie):
    return cari_face.find_faces(selfie)[0].mesh


def gray(image):
    return np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)


def same(image):
    return image


def seen(image):
    return cari_face.find_faces(image)[0]


@pytest.mark.parametrize("colors", [same, gray])
def test_a_bare_face_is_not_covered(selfie, colors):
    assert seen(colors(selfie)).occlusion.covered == ()


@pytest.mark.parametrize("colors", [same, gray])
@pytest.mark.parametrize("draw", [occlusions.plain_mask, occlusions.hand_over_mouth])
def test_what_lies_over_the_mouth_covers_it(selfie, mesh, draw, colors):
    hidden = draw(colors(selfie), mesh, np.random.default_rng(0))

    assert seen(hidden).occlusion.covered == (Part.MOUTH,)


@pytest.mark.parametrize("colors", [same, gray])
@pytest.mark.parametrize("draw", [occlusions.dark_sunglasses, occlusions.tinted_sunglasses])
def test_dark_lenses_cover_the_eyes(selfie, mesh, draw, colors):
    face = seen(draw(colors(selfie), mesh, np.random.default_rng(0)))

    assert (face.occlusion.covered, face.glasses.value) == ((Part.EYES,), "Sun")


def test_a_cover_makes_a_face_less_visible(selfie, mesh):
    hidden = occlusions.mask_below_nose(selfie, mesh, np.random.default_rng(0))

    assert seen(hidden).quality.visibility < 0.5 < seen(selfie).quality.visibility
