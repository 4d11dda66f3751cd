from cari_verification.face_report import face_report
from tests.unit.evidence_of_specimens import faces, no_faces

ID = "0" * 24


def test_ratios_become_pixels_of_the_selfie():
    face = face_report(faces(), ID).MatchedFaces[0]

    assert (face.topLeftX, face.topLeftY, face.width, face.height) == (100, 50, 200, 300)


def test_the_portraits_box_is_in_pixels_of_the_document():
    source = face_report(faces(), ID).SourceImageFace

    assert (source.topLeftX, source.topLeftY, source.width, source.height) == (250, 70, 500, 420)


def test_percent_becomes_a_ratio():
    face = face_report(faces(0.97), ID).MatchedFaces[0]

    assert (face.similarity, face.confidence, face.quality) == (0.97, 0.995, 0.9)


def test_eyes_and_chin_carry_the_contracts_names():
    face = face_report(faces(), ID).MatchedFaces[0]

    assert (face.leftEyeCenterX, face.rightEyeCenterX, face.eyeDistance, face.chinTipY) == (160, 240, 80, 340)


def test_lips_and_glasses_are_attributes():
    face = face_report(faces(), ID).MatchedFaces[0]

    assert (face.attributes.lips, face.attributes.glasses) == ("Together", "None")


def test_every_face_has_an_id_of_its_own():
    report = face_report(faces(strangers=2), ID)

    assert len({face.face_id for face in [*report.MatchedFaces, *report.UnmatchedFaces]}) == 3


def test_no_faces_make_an_empty_report():
    report = face_report(no_faces(), ID)

    assert (report.SourceImageFace, report.MatchedFaces, report.UnmatchedFaces) == (None, [], [])
