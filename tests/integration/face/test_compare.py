import cv2
import numpy as np

import cari_face
from cari_face import comparison
from cari_face.embedding import EmbeddedFace


def test_a_person_matches_the_portrait_on_her_passport(passport, selfie):
    assert cari_face.compare(passport, selfie).matches[0].similarity > 0.95


def test_a_document_without_a_portrait_is_compared_with_nothing(selfie):
    nothing = cari_face.compare(np.zeros((300, 400, 3), np.uint8), selfie)

    assert (nothing.source, nothing.matches) == (None, ())


def test_every_face_of_the_target_is_compared_the_best_first(passport, selfie):
    warped = cv2.resize(selfie, None, fx=1.25, fy=0.8)[: selfie.shape[0] * 8 // 10]
    scene = np.zeros((selfie.shape[0], selfie.shape[1] + warped.shape[1], 3), np.uint8)
    scene[:, : selfie.shape[1]] = selfie
    scene[: warped.shape[0], selfie.shape[1] :] = warped

    likenesses = [match.similarity for match in cari_face.compare(passport, scene).matches]

    assert len(likenesses) == 2
    assert likenesses == sorted(likenesses, reverse=True)


def test_faces_not_sharp_enough_are_passed_over(passport, selfie):
    assert cari_face.compare(passport, cv2.GaussianBlur(selfie, (0, 0), 6), min_sharpness=0.4).matches == ()


def counted_looks(monkeypatch):
    looks = []
    for look in ("quick", "careful"):
        asked = getattr(EmbeddedFace, look)
        monkeypatch.setattr(
            EmbeddedFace, look, lambda face, kind, look=look, asked=asked: looks.append(look) or asked(face, kind)
        )
    return looks


def test_a_comparison_that_a_quick_look_does_not_settle_is_looked_at_carefully(passport, selfie, monkeypatch):
    looks = counted_looks(monkeypatch)
    monkeypatch.setattr(comparison, "CLEAR_MATCH_FMR", 0.0)

    cari_face.compare(passport, selfie)

    assert looks == ["quick", "quick", "careful", "careful"]


def test_a_clear_match_is_settled_by_a_quick_look(selfie, monkeypatch):
    looks = counted_looks(monkeypatch)

    cari_face.compare(selfie, selfie)

    assert looks == ["quick", "quick"]


def test_a_match_says_how_often_its_threshold_errs_either_way(passport, selfie):
    (match,) = cari_face.compare(passport, selfie).matches

    assert 0 < match.fmr < 1e-3
    assert 0 < match.fnmr < 1
