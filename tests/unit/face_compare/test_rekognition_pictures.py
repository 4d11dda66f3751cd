import cv2
import numpy as np
import pytest

from cari_aws.engine_requests import MAX_INLINE_BYTES, NotAPicture
from cari_imaging import decode
from functions.face_compare.rekognition_pictures import as_taken

NOISE = np.random.default_rng(1)


def encoded(kind, height, width):
    return cv2.imencode(kind, NOISE.integers(0, 256, (height, width, 3), np.uint8))[1].tobytes()


@pytest.mark.parametrize("kind", [".jpg", ".png"])
def test_what_rekognition_takes_stays_as_it_is(kind):
    picture = encoded(kind, 100, 200)

    assert as_taken(picture, "SourceImage") == picture


@pytest.mark.parametrize(
    ("kind", "height", "width"), [(".webp", 100, 200), (".png", 40, 60), (".png", 1400, 1500), (".jpg", 4000, 5000)]
)
def test_what_it_does_not_take_is_written_anew_in_the_same_proportions(kind, height, width):
    taken = as_taken(encoded(kind, height, width), "SourceImage")

    rows, columns = decode(taken).shape[:2]
    assert taken.startswith(b"\xff\xd8\xff")
    assert len(taken) <= MAX_INLINE_BYTES
    assert min(rows, columns) >= 80
    assert columns / rows == pytest.approx(width / height, rel=0.02)


def test_what_is_no_picture_is_named():
    with pytest.raises(NotAPicture, match="TargetImage"):
        as_taken(b"text", "TargetImage")
