"""Engines are asked directly too, for pictures that no intake has seen: what they decode is bounded all the same."""

import struct
import zlib

import pytest
from PIL import Image

import cari_barcode
import cari_mrz
from cari_core.containers import MAX_ASPECT, MAX_SCANS, MAX_SEGMENTS, MAX_SIDE
from cari_core.errors import ImageRejected
from cari_imaging import decode
from tests.unit.intake import pictures
from tests.unit.intake.pictures import chunk, encoded, segment

LONGEST = [(MAX_SIDE, MAX_SIDE // MAX_ASPECT + 1), (MAX_SIDE // MAX_ASPECT + 1, MAX_SIDE), (100, 1), (1, 100), (1, 1)]


def refused(payload: bytes) -> str:
    """Say why a picture is not decoded."""
    with pytest.raises(ImageRejected) as refusal:
        decode(payload)
    return refusal.value.detail


def png(width: int, height: int, coded: bytes = b"", *extra: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return pictures.PNG_START + header + b"".join(extra) + chunk(b"IDAT", coded) + chunk(b"IEND", b"")


def test_a_jpeg_of_as_many_scans_as_encoders_write_is_decoded():
    assert decode(pictures.of_scans(MAX_SCANS)).shape == (80, 120, 3)


def test_a_jpeg_of_hundreds_of_scans_is_refused_by_name():
    assert f"more than {MAX_SCANS} scans" in refused(pictures.of_scans(300))


@pytest.mark.parametrize("size", [(64, 700_000), (700_000, 64), (65_500, 700), (700, 65_500)])
def test_a_picture_with_a_side_that_engines_cannot_take_is_refused_by_name(size):
    assert f"at most {MAX_SIDE} on a side" in refused(png(*size))


@pytest.mark.parametrize("size", [(16_000, 5), (5, 16_000), (MAX_SIDE, 20), (20, MAX_SIDE)])
def test_a_picture_that_is_only_a_line_is_refused_by_name(size):
    assert f"at most {MAX_ASPECT} times as long as wide" in refused(encoded("PNG", size))


@pytest.mark.parametrize("size", LONGEST)
def test_the_longest_and_thinnest_pictures_that_are_decoded_are_looked_through_for_an_mrz_and_a_barcode(size):
    image = decode(encoded("PNG", size))

    assert cari_mrz.read(image).mrz is None
    assert cari_barcode.decode(image) is None


def test_a_jpeg_of_endless_segments_is_refused_by_name():
    whole = encoded()

    assert "segments" in refused(whole[:2] + segment(0xFE, b"") * MAX_SEGMENTS + whole[2:])


def test_pixels_that_inflate_to_more_than_was_promised_are_refused_by_name():
    assert "more data than pixels" in refused(png(100, 100, zlib.compress(bytes(20_000_000), 9)))


def test_compressed_text_is_not_inflated():
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(20_000_000), 9))

    assert decode(png(100, 100, zlib.compress(bytes(100 * 301)), bomb)).shape == (100, 100, 3)


def test_an_animated_webp_is_refused_by_name():
    frames = [Image.new("RGB", (100, 100), color) for color in ("red", "blue")]

    assert "animation" in refused(encoded("WEBP", (100, 100), save_all=True, append_images=frames, duration=9))
