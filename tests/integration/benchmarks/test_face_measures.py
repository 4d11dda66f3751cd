"""What the face benchmark makes of scores and places that are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cari_face.face import Box
from specimens.specimen import sample_selfie
from tests.benchmarks.face.documents import in_a_scene, page_with
from tests.benchmarks.face.honesty import Observed, Subjects, observe_held_out, observe_shipped
from tests.benchmarks.face.photographs import Photographs
from tests.benchmarks.face.printing import HEIGHT_TO_WIDTH, PRINT_HEIGHT_PX, photographed, portrait_of, printed
from tests.benchmarks.face.verification import accuracy, cosines, verify


def photographs(same, folds):
    pairs = np.array([[2 * i, 2 * i + 1] for i in range(len(same))])
    people = np.arange(2 * len(same))
    return Photographs(tuple(Path(f"{i}.jpg") for i in people), people, pairs, np.array(same), np.array(folds))


def vectors(people, spread, seed=0):
    """Directions near to one of each person's own."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(max(people) + 1, 64))
    drawn = centres[people] + spread * rng.normal(size=(len(people), 64))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def test_a_fold_is_judged_by_the_threshold_of_the_others():
    scores = np.array([0.9, 0.1, 0.9, 0.1, 0.4, 0.3])  # the last fold alone would part its pairs at 0.35
    labels = photographs(same=[True, False, True, False, True, False], folds=[0, 0, 1, 1, 2, 2])

    judged = accuracy("", scores, labels)

    assert judged.by_fold == (1.0, 1.0, 0.5)
    assert judged.mean == pytest.approx(2.5 / 3)


def test_a_pair_without_a_face_is_no_match():
    embeddings = vectors([0, 0, 1, 1], 0)
    embeddings[3] = np.nan

    assert cosines(embeddings, photographs([True, True], [0, 1])).tolist() == pytest.approx([1, -1])


def test_the_first_picture_of_each_person_never_meets_itself():
    people = np.array([0, 0, 1, 2, 2, 2])
    subject = Photographs(tuple(Path(f"{i}") for i in people), people, np.empty((0, 2)), np.empty(0), np.empty(0))

    firsts, others = subject.split()

    assert (firsts.tolist(), others.tolist()) == ([0, 2, 3], [1, 4, 5])


def test_people_far_apart_are_all_accepted():
    people = np.repeat(np.arange(120), 2)

    verified = verify("", vectors(people, 0.1), people)

    assert verified.accepted()[1e-2] == (1, 1)


def test_pictures_without_a_face_are_counted_and_left_out():
    people = np.repeat(np.arange(40), 2)
    embeddings = vectors(people, 0.1)
    embeddings[0] = np.nan

    verified = verify("", embeddings, people)

    assert (verified.pictures, verified.lost, verified.by_pair.genuine_pairs) == (80, 1, 39)


def test_a_table_fitted_to_like_people_holds_on_others():
    people = np.repeat(np.arange(900), 2)

    both = observe_held_out("", Subjects(vectors(people, 0.8), people))

    assert [each.rates[1e-1][0] for each in both] == pytest.approx([0.1, 0.1], rel=0.1)
    assert [each.rates[1e-2][0] for each in both] == pytest.approx([0.01, 0.01], rel=0.3)


def test_a_statement_that_is_far_too_low_does_not_hold():
    people = np.repeat(np.arange(900), 2)
    subjects = Subjects(vectors(people, 0.8), people)

    shipped = observe_shipped("", lambda cosine: 1e-9 if cosine > -0.5 else 1.0, subjects)

    assert shipped.rates[1e-1][0] == pytest.approx(1, abs=0.01)
    assert not shipped.holds


@pytest.mark.parametrize(("observed", "holds"), [(1.9e-3, True), (2.1e-3, False), (0.6e-3, True), (0.4e-3, False)])
def test_a_rate_holds_within_a_factor_of_two(observed, holds):
    seen = {1e-1: (1e-1, 1e-1), 1e-2: (1e-2, 1e-2), 1e-3: (observed, 0.0), 1e-4: (1.0, 1.0)}

    assert Observed("", seen).holds == holds


@pytest.fixture
def portrait():
    return portrait_of(np.asarray(sample_selfie().convert("RGB")), Box(260, 140, 240, 240))


def test_a_portrait_has_the_shape_that_documents_ask_for(portrait):
    assert portrait.shape == (PRINT_HEIGHT_PX, round(PRINT_HEIGHT_PX / HEIGHT_TO_WIDTH), 3)


def test_the_same_generator_prints_the_same_picture(portrait):
    one, two = (
        photographed(printed(portrait, rng), rng) for rng in (np.random.default_rng(1), np.random.default_rng(1))
    )

    assert (one == two).all()


@pytest.mark.parametrize("turned", [0, 90, 180, 270, 30])
def test_the_portrait_is_where_the_document_says(turned):
    red = np.zeros((450, 350, 3), np.uint8) + np.array([255, 0, 0], np.uint8)
    rng = np.random.default_rng(3)

    scene = in_a_scene(page_with(red, rng), rng, turned)

    x, y = scene.portrait.mean(axis=0).round().astype(int)
    red_value, green, blue = scene.picture[y, x].astype(int)
    assert red_value > 2 * max(green, blue)


def test_the_ghost_is_fainter_and_smaller_than_the_portrait():
    red = np.zeros((450, 350, 3), np.uint8) + np.array([255, 0, 0], np.uint8)

    page = page_with(red, np.random.default_rng(3))

    widths = [np.ptp(corners[:, 0]) for corners in (page.portrait, page.ghost)]
    greens = [page.picture[tuple(corners.mean(axis=0).astype(int)[::-1])][1] for corners in (page.portrait, page.ghost)]
    assert widths[1] < widths[0]
    assert greens[1] > greens[0]
