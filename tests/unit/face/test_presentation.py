from dataclasses import astuple

import cv2
import numpy as np
import pytest

import cari_face
from cari_face.presentation import read_presentation

SUSPICIOUS = 0.5


@pytest.fixture(scope="module")
def mesh(selfie):
    return cari_face.find_faces(selfie)[0].mesh


@pytest.fixture(scope="module")
def waves(selfie):
    rows, columns = np.mgrid[: selfie.shape[0], : selfie.shape[1]]
    return (np.sin(rows * 1.3 + columns * 0.9))[..., np.newaxis]


def test_a_person_looks_like_no_copy(selfie, mesh):
    assert max(astuple(read_presentation(selfie, mesh))) < SUSPICIOUS


def test_a_raster_is_periodic(selfie, mesh, waves):
    rastered = np.clip(selfie + 12 * waves, 0, 255).astype(np.uint8)

    assert read_presentation(rastered, mesh).periodicity > SUSPICIOUS


def test_grain_all_over_is_an_even_texture(selfie, mesh):
    grain = np.random.default_rng(0).normal(0, 20, selfie.shape[:2])[..., np.newaxis]
    grainy = np.clip(selfie + grain, 0, 255).astype(np.uint8)

    signals = read_presentation(grainy, mesh)

    assert signals.even_texture > SUSPICIOUS > signals.periodicity


def test_black_ink_is_gray(selfie, mesh):
    printed = (70 + selfie * 0.5).astype(np.uint8)

    signals = read_presentation(printed, mesh)

    assert min(signals.faded_blacks, signals.narrow_range) > SUSPICIOUS


@pytest.mark.parametrize("side", [1, 40, 900])
def test_every_signal_of_a_face_of_any_size_is_a_share(selfie, mesh, side):
    scale = side / np.ptp(mesh[:, 0])
    resized = cv2.resize(
        selfie, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )

    signals = astuple(read_presentation(resized, mesh * np.float32(scale)))

    assert all(0 <= signal <= 1 for signal in signals)


def test_a_face_of_one_color_gives_no_signal_but_its_range(selfie, mesh):
    flat = np.full_like(selfie, 128)

    signals = read_presentation(flat, mesh)

    assert (signals.periodicity, signals.even_texture) == (0, 0)
