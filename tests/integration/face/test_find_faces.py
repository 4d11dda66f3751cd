from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data as pictures

import cari_face
from cari_face import detection, search
from cari_face.facemesh import Mesh


def shrunk(image, factor):
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def centre(face):
    return face.box.left + face.box.width / 2, face.box.top + face.box.height / 2


def test_one_face_is_found_where_it_is(selfie):
    (face,) = cari_face.find_faces(selfie)

    assert centre(face) == pytest.approx((380, 265), abs=25)
    assert face.confidence > 0.9


def test_a_picture_without_a_face_has_none():
    assert cari_face.find_faces(np.full((400, 300, 3), 128, np.uint8)) == []


@pytest.mark.parametrize("name", ["hubble_deep_field", "coins", "page", "coffee", "chelsea"])
def test_what_only_resembles_a_face_is_none(name):
    picture = getattr(pictures, name)()
    picture = picture if picture.ndim == 3 else np.dstack([picture] * 3)

    assert cari_face.find_faces(picture) == []


def test_of_a_crowd_so_many_faces_are_told_and_no_more(selfie, monkeypatch):
    monkeypatch.setattr(detection, "MAX_FACES", 3)
    face = shrunk(selfie[100:500, 180:580], 0.4)

    assert len(cari_face.find_faces(np.tile(face, (3, 3, 1)))) == 3


def test_a_detection_that_the_mesh_refutes_does_not_hide_the_face_below_it(selfie, monkeypatch):
    face = max(search.detections([selfie], 224, 0), key=lambda detection: detection.score)
    true = replace(face, score=0.7)
    aside = 0.45 * (face.box[2] - face.box[0])
    astray = replace(face, score=0.8, box=face.box + aside, eyes=face.eyes + aside)
    monkeypatch.setattr(detection, "detections", lambda *_: [astray, true])

    (found,) = cari_face.find_faces(selfie)

    assert found.confidence == 0.7


def test_a_portrait_on_a_page_is_found(passport):
    (face,) = cari_face.find_faces(passport)

    assert centre(face) == pytest.approx((233, 335), abs=25)


@pytest.mark.parametrize(("width", "noise"), [(150, 6), (210, 12)])
def test_a_pale_grainy_portrait_on_a_page_is_found(selfie, width, noise):
    grey = cv2.cvtColor(cv2.resize(selfie, (width, width * 5 // 4), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    page = np.full((600, 850, 3), (215, 225, 215), float)
    page[150 : 150 + grey.shape[0], 80 : 80 + width] = 0.35 * grey[..., None] + 0.65 * np.array([190, 215, 200])
    grain = np.random.default_rng(1).normal(0, noise, page.shape[:2])[..., None]

    found = cari_face.find_faces((cv2.GaussianBlur(page, (0, 0), 0.8) + grain).clip(0, 255).astype(np.uint8))

    assert [80 < face.box.left < 80 + width for face in found] == [True]


def test_a_face_of_forty_pixels_is_found(selfie):
    small = shrunk(selfie, 40 / 248)
    scene = np.full((600, 800, 3), 128, np.uint8)
    scene[200 : 200 + small.shape[0], 300 : 300 + small.shape[1]] = small

    (face,) = cari_face.find_faces(scene)

    assert face.box.width == pytest.approx(40, abs=10)


def test_a_thorough_search_finds_a_ghost_image_beside_the_portrait(selfie):
    scene = np.full((1000, 1400, 3), 200, np.uint8)
    for size, left in ((0.7, 60), (0.2, 1000)):
        portrait = shrunk(selfie, size)
        scene[100 : 100 + portrait.shape[0], left : left + portrait.shape[1]] = portrait

    assert [len(cari_face.find_faces(scene, thorough=thorough)) for thorough in (False, True)] == [1, 2]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_picture_is_searched_in_every_turn(selfie, turns):
    (face,) = cari_face.find_faces(np.ascontiguousarray(np.rot90(selfie, turns)))

    assert abs(face.pose.roll) == pytest.approx((0, 90, 180, 90)[turns], abs=15)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_landmarks_turn_with_the_picture(selfie, turns):
    height, width = selfie.shape[:2]
    (upright,), (turned,) = (
        cari_face.find_faces(np.ascontiguousarray(np.rot90(selfie, times))) for times in (0, turns)
    )
    chin = upright.landmarks["chinBottom"]

    expected = [
        (chin.x, chin.y),
        (chin.y, width - chin.x),
        (width - chin.x, height - chin.y),
        (height - chin.y, chin.x),
    ]

    found = turned.landmarks["chinBottom"]
    assert (found.x, found.y) == pytest.approx(expected[turns], abs=15)


def test_two_people_are_two_faces_the_nearer_first(selfie):
    near, far = shrunk(selfie, 0.6), shrunk(selfie, 0.3)
    scene = np.zeros((near.shape[0], near.shape[1] + far.shape[1], 3), np.uint8)
    scene[:, : near.shape[1]] = near
    scene[: far.shape[0], near.shape[1] :] = far

    faces = cari_face.find_faces(scene)

    assert [round(face.box.width / 75) for face in faces] == [2, 1]


def test_boxes_stay_inside_the_picture(selfie):
    cut = selfie[180:, :]

    for face in cari_face.find_faces(cut):
        assert face.box.top >= 0
        assert face.box.left + face.box.width <= cut.shape[1]


def test_the_mirror_turns_the_other_way(selfie):
    (face,), (mirrored,) = (
        cari_face.find_faces(picture) for picture in (selfie, np.ascontiguousarray(selfie[:, ::-1]))
    )

    assert mirrored.pose.yaw == pytest.approx(-face.pose.yaw, abs=4)
    assert mirrored.pose.roll == pytest.approx(-face.pose.roll, abs=4)


def test_a_smile_with_teeth_has_its_lips_apart(selfie):
    assert cari_face.find_faces(selfie)[0].lips.value == "Apart"


def test_bare_eyes_wear_no_glasses(selfie):
    assert cari_face.find_faces(selfie)[0].glasses.value == "None"


def test_dark_lenses_are_sunglasses(selfie):
    (face,) = cari_face.find_faces(selfie)
    worn = selfie.copy()
    for eye in ("eyeLeft", "eyeRight"):
        point = face.landmarks[eye]
        cv2.ellipse(worn, (round(point.x), round(point.y)), (42, 30), 0, 0, 360, (12, 12, 14), -1)

    assert cari_face.find_faces(worn)[0].glasses.value == "Sun"


def test_blur_lowers_the_sharpness(selfie):
    blurred = cv2.GaussianBlur(selfie, (0, 0), 6)

    (sharp,), (smeared,) = cari_face.find_faces(selfie), cari_face.find_faces(blurred)

    assert smeared.quality.sharpness < sharp.quality.sharpness - 0.2


def test_darkness_lowers_the_brightness(selfie):
    (lit,), (dim,) = cari_face.find_faces(selfie), cari_face.find_faces((selfie * 0.4).astype(np.uint8))

    assert dim.quality.brightness < lit.quality.brightness - 0.2


def test_noise_does_not_keep_the_search_busy(monkeypatch):
    asked, blank = [], Mesh(np.zeros((468, 3), np.float32), 0.0)
    candidates = [search.Detection(0.6, np.array([i, 0, i + 1, 1.0]), np.zeros((2, 2))) for i in range(0, 1000, 2)]
    monkeypatch.setattr(detection, "detections", lambda *_: candidates)
    monkeypatch.setattr(detection, "fit_mesh", lambda *_, **__: asked.append(1) or blank)

    assert cari_face.find_faces(np.zeros((1024, 1024, 3), np.uint8)) == []
    assert len(asked) <= detection.MAX_MESH_TRIES * (
        4 * (len(detection.COARSE_SIDES_PX) + 2) + len(detection.PRINTED_PORTRAIT_SIDES_PX)
    )
