"""What a reviewer sees of a verification: every finding at its place, and nothing else changed."""

import cv2
import numpy as np
import pytest

from functions.annotated import legend, lettering, mrz, palette
from functions.annotated.answer import MAX_BYTES, drawn, encoded
from functions.annotated.drawing import draw
from functions.annotated.pen import Pen
from tests.unit.annotated.verified import FACE, MRZ, PITCH_PX, QUADS, changed, sheet, verification

PICTURE_PX = 800  # the height of the sheets, which are drawn on as large as they are
AROUND_PX = 14  # an outline, and the room between it and what it is around


def on_picture(drawing):
    return drawing[:PICTURE_PX]


def differing(one, other, side="front"):
    drawings = [on_picture(draw(sheet(), each, side)) for each in (one, other)]
    return changed(*drawings)


def within(points, left, top, right, bottom):
    (x, y), (x2, y2) = points.min(axis=0), points.max(axis=0)
    return left <= x and top <= y and x2 <= right and y2 <= bottom


def texts(rows):
    return [row.text for row in rows]


@pytest.mark.parametrize(("line", "column"), [(0, 0), (0, 5), (1, 13), (1, 43)])
def test_a_doubtful_character_is_marked_at_its_place_and_nowhere_else(line, column):
    certain, doubted = verification(front=MRZ), verification(front={**MRZ, "doubtful": [[line, column]]})

    points = differing(certain, doubted)

    left, top = QUADS[line][0][0] + column * PITCH_PX, QUADS[line][0][1]
    assert within(points, left - 3, top - AROUND_PX, left + PITCH_PX + 3, top + 30 + AROUND_PX)
    assert len(points) > PITCH_PX * 30 / 2


def test_a_doubtful_character_of_a_tilted_line_is_marked_along_the_line():
    tilted = [[100, 500], [980, 236], [988, 265], [108, 529]]
    certain = {**MRZ, "lines": [tilted, QUADS[1]]}

    points = differing(verification(front=certain), verification(front={**certain, "doubtful": [[0, 22]]}))

    middle = points.mean(axis=0)
    expected = np.array(tilted, float).mean(axis=0) + np.array([880, -264]) * 0.5 / 44
    assert np.linalg.norm(middle - expected) < 3


def test_a_doubtful_character_is_marked_under_what_is_printed_too():
    reports = [verification(front={**MRZ, "doubtful": doubtful}).front for doubtful in ([], [[1, 10]])]

    (first, second), (first_marked, second_marked) = (mrz.transcript(sheet(), each, 1200, 18) for each in reports)

    pitch = (1200 - 36) / 44
    assert len(changed(first, first_marked)) == 0
    points = changed(second, second_marked)
    assert within(points, 18 + 10 * pitch - 2, 0, 18 + 11 * pitch + 2, second.shape[0])


def test_a_repaired_character_is_marked_otherwise_than_a_doubtful_one():
    repair = {"line": 1, "column": 4, "read": "O", "written": "0", "reason": "digits only"}
    doubted, repaired = ({**MRZ, "doubtful": [[1, 4]]}, {**MRZ, "repairs": [repair]})

    assert len(differing(verification(front=doubted), verification(front=repaired)))
    assert "Line 2, character 5: read O, written 0: digits only" in texts(
        mrz.mark_lines(Pen(sheet()), verification(front=repaired).front)
    )


def test_fields_in_doubt_are_named():
    report = verification(front={**MRZ, "doubtful": [[0, 5]], "uncertain_fields": ["surname"]}).front

    assert "Characters in doubt: 1; fields: surname" in texts(mrz.mark_lines(Pen(sheet()), report))


@pytest.mark.parametrize("cell", [(2, 0), (0, 44), (-1, 0), (0, -1)])
def test_a_cell_that_is_none_of_the_lines_is_marked_nowhere(cell):
    wrong = verification(front={**MRZ, "doubtful": [cell]})

    assert len(differing(verification(front=MRZ), wrong)) == 0


@pytest.mark.parametrize("lines", [None, [], QUADS[:1], [[[5, 5]] * 4] * 2, [[[0, 0], [1, 1]], QUADS[1]]])
def test_lines_whose_places_are_unknown_or_empty_are_still_written(lines):
    strips = mrz.transcript(sheet(), verification(front={**MRZ, "lines": lines}).front, 1200, 18)

    assert [int(strip.min()) < 60 for strip in strips] == [True, True]


def test_print_is_levelled_out_of_the_picture():
    page = sheet(255)
    page[680:710, 60 + 3 * PITCH_PX : 60 + 4 * PITCH_PX] = 0  # the second line's fourth character

    strip = mrz.transcript(page, verification(front=MRZ).front, 1200, 18)[1]

    pitch = (1200 - 36) / 44
    dark = np.nonzero(strip[10:30].min(axis=(0, 2)) < 100)[0]
    assert abs(dark.min() - (18 + 3 * pitch)) <= 2
    assert abs(dark.max() - (18 + 4 * pitch)) <= 2


@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("brightness", [0, 128, 255])
def test_an_outline_stands_out_on_dark_and_on_light(side, brightness):
    drawing = on_picture(draw(sheet(brightness), verification(front=MRZ, back=MRZ), side))

    edge = drawing[580:612, 600].astype(int).sum(axis=1)
    assert edge.max() - edge.min() > 300


def test_the_portrait_is_outlined_on_the_front_and_not_on_the_back():
    selfie = {"SourceImageFace": FACE}
    front, back = (
        differing(verification(back={}), verification(selfie=selfie, back={}), side) for side in ("front", "back")
    )

    assert {tuple(corner) for corner in ((300, 200), (499, 200))} <= {tuple(point) for point in front}
    assert len(back) == 0


def test_every_face_of_the_selfie_is_outlined_matched_or_not():
    other = {**FACE, "topLeftX": 800, "topLeftY": 300}
    report = {"MatchedFaces": [{**FACE, "similarity": 0.9}], "UnmatchedFaces": [other]}

    points = {tuple(p) for p in differing(verification(), verification(selfie=report), "selfie")}

    assert {(300, 320), (500, 320), (800, 420), (1000, 420)} <= points


@pytest.mark.parametrize("place", [(350, 280), (450, 280), (400, 430)])
def test_eyes_and_chin_are_marked(place):
    drawing = draw(sheet(), verification(selfie={"UnmatchedFaces": [FACE]}), "selfie")

    assert tuple(drawing[place[1], place[0]]) == palette.FAILED.color


def test_a_plate_leaves_a_chin_on_the_edge_of_its_box_to_be_seen():
    drawing = draw(sheet(), verification(selfie={"UnmatchedFaces": [{**FACE, "chinTipY": 440}]}), "selfie")

    assert tuple(drawing[444, 400]) != tuple(palette.INK)
    assert (drawing[440:450, 400] == palette.PAPER).all(axis=1).any()


@pytest.mark.parametrize(
    ("pose", "direction"),
    [
        ({"yaw": 30}, (1, 0)),
        ({"yaw": -30}, (-1, 0)),
        ({"pitch": 30}, (0, -1)),
        ({"pitch": -30}, (0, 1)),
        ({"yaw": 30, "roll": 90}, (0, 1)),
    ],
)
def test_an_arrow_shows_where_a_head_is_turned_to(pose, direction):
    ahead, turned = (verification(selfie={"UnmatchedFaces": [{**FACE, **each}]}) for each in ({}, pose))

    points = differing(ahead, turned, "selfie")

    reach = points.mean(axis=0) - np.array([400, 320])
    assert np.dot(reach, direction) > 0.8 * np.linalg.norm(reach) > 0


def test_a_faces_row_says_all_that_was_found():
    from functions.annotated import faces  # noqa: PLC0415  # beside what it says

    face = {**FACE, "similarity": 0.9, "yaw": 12.4, "pitch": -0.2}
    row = texts(faces.mark_faces(Pen(sheet()), verification(selfie={"MatchedFaces": [face]})))[0]

    assert row == (
        "Face 1: matched, similarity 0.90, confidence 0.99, quality 0.80, yaw +12 pitch +0 roll +0, "
        "glasses None, lips Together"
    )


@pytest.mark.parametrize(
    ("similarity", "word"), [(0.9, "matched"), (0.5, "uncertain"), (0.1, "not alike"), (0.6, "matched")]
)
def test_a_face_is_held_against_the_policys_own_bounds(similarity, word):
    from functions.annotated import faces  # noqa: PLC0415  # likewise

    check = {"name": "face_match", "result": "passed", "threshold": 0.6, "evidence": {"decline_below": 0.3}}
    found = verification(selfie={"MatchedFaces": [{**FACE, "similarity": similarity}]}, checks=[check])

    assert f"Face 1: {word}" in texts(faces.mark_faces(Pen(sheet()), found))[0]


def test_a_barcode_is_outlined_with_its_reason():
    corners = [[100, 100], [500, 120], [495, 260], [95, 240]]
    barcode = {"found": True, "format": "PDF417", "corners": corners, "reason": "barcode_damaged"}

    points = differing(verification(back={}), verification(back={"barcode": barcode}), "back")

    assert {(100, 100), (500, 120), (95, 240)} <= {tuple(point) for point in points}


@pytest.mark.parametrize("corners", [None, [], [[1, 2], [3, 4]], [[-9e9, 0], [9e9, 0], [9e9, 9e9], [0, 9e9]]])
def test_a_barcode_of_strange_corners_harms_nothing(corners):
    found = verification(back={"barcode": {"found": False, "corners": corners, "reason": "no_barcode"}})

    assert draw(sheet(), found, "back").shape[1] == 1200


def test_the_legend_has_this_sides_checks_and_reasons_and_those_of_none():
    checks = [
        {"name": "face_match", "result": "failed", "side": "selfie", "reason": "face_mismatch"},
        {"name": "mrz_found", "result": "passed", "side": "front"},
        {"name": "duplicate_document", "result": "warning", "reason": "duplicate_document"},
    ]
    reasons = [
        {"code": code, "severity": "review", "retryable": True, "message": "For them.", "operator": "For you."}
        for code in ("face_mismatch", "duplicate_document", "processing_timed_out")
    ]
    whole = verification(checks=checks, reasons=reasons)

    told = {
        side: [text.partition(":")[0] for text in texts(legend.verdict(whole, side))] for side in ("selfie", "front")
    }

    assert told == {
        "selfie": ["face_match", "face_mismatch", "processing_timed_out"],
        "front": ["mrz_found", "duplicate_document", "duplicate_document", "processing_timed_out"],
    }


def test_results_differ_in_their_signs_and_not_in_colour_alone():
    assert len({palette.mark_of(result).sign for result in ("passed", "failed", "warning", "not_performed")}) == 4


def test_a_zero_is_no_o():
    written = []
    for character in "0O":
        page = sheet(255, 60, 60)
        lettering.write_character(page, (30, 30), character, 40, palette.INK)
        written.append(page)

    assert (written[0][28:33, 28:33] < 128).any()
    assert not (written[1][28:33, 28:33] < 128).any()


def test_letters_that_the_font_has_not_are_written_as_it_can():
    assert lettering.plain("José — “naïve” 日") == 'Jose - "naive" ?'


def test_no_text_is_wider_than_its_room():
    lines = list(lettering.wrapped("word " * 60, 20, 300))

    assert max(lettering.width_of(line, 20) for line in lines) <= 300
    assert " ".join(lines).split() == ["word"] * 60


def test_a_plate_covers_no_outline_and_no_other_plate_while_there_is_room():
    pen = Pen(sheet())
    below = np.array([(300, 480), (600, 480), (600, 600), (300, 600)], float)
    pen.outline(below, palette.PASSED)
    outlined = pen.picture.copy()
    box = np.array([(300, 300), (500, 300), (500, 470), (300, 470)], float)

    pen.plate(box, "text", palette.PASSED)

    points = changed(outlined, pen.finish())
    assert points[:, 1].max() < 300


@pytest.mark.parametrize(
    ("height", "width"), [(200, 300), (300, 300), (3000, 4000), (4000, 3000), (40, 3000), (3000, 40), (1, 1)]
)
def test_drawings_of_pictures_of_any_size_are_as_large_as_people_can_use(height, width):
    found = verification(selfie={"MatchedFaces": [{**FACE, "similarity": 0.9}]}, front=MRZ)

    drawing = draw(sheet(90, height, width), found, "front")

    assert 900 <= drawing.shape[1] <= 1600
    assert drawing.shape[0] < 2600


def test_findings_are_at_their_place_in_an_enlarged_and_in_a_shrunk_picture():
    for size, scale in ((400, 900 / 400), (3200, 0.5)):
        portrait = {**FACE, "topLeftX": size // 4, "topLeftY": size // 4, "width": size // 4, "height": size // 4}
        plain, found = (
            draw(sheet(128, size, size), each, "front")[: round(size * scale)]
            for each in (verification(), verification(selfie={"SourceImageFace": portrait}))
        )

        left, top = changed(plain, found).min(axis=0)
        assert abs(left - size / 4 * scale) < AROUND_PX
        assert abs(top - size / 4 * scale) < AROUND_PX


def test_what_was_given_is_not_drawn_on():
    page = sheet()

    draw(page, verification(front=MRZ), "front")

    assert (page == 128).all()


def test_even_noise_is_a_jpeg_of_less_than_a_megabyte():
    noise = np.random.default_rng(1).integers(0, 256, (1600, 1600, 3), np.uint8)

    jpeg = encoded(noise)

    assert len(jpeg) <= MAX_BYTES
    assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[1] <= 1600


def test_a_picture_that_cannot_be_opened_still_has_its_legend():
    jpeg = drawn(b"no picture", verification(), "selfie")

    assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[0] > 600
