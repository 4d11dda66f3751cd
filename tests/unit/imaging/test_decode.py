import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageOps

from cari_core.errors import ImageRejected
from cari_imaging import decode

FORMATS = ("JPEG", "PNG", "WEBP")


def gradient(height=90, width=160):
    """A picture whose four corners differ, so that every turn and mirror shows."""
    rows, columns = np.mgrid[0:height, 0:width]
    return np.dstack([rows * 2, columns, np.full_like(rows, 90)]).astype(np.uint8)


def encode(pixels, file_format, *, orientation=None, **options):
    picture = Pillow.fromarray(pixels)
    if orientation is not None:
        tags = picture.getexif()
        tags[0x0112] = orientation
        options["exif"] = tags
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def pillow_upright(payload):
    return np.asarray(ImageOps.exif_transpose(Pillow.open(io.BytesIO(payload))).convert("RGB"))


def bomb(width, height):
    """A PNG whose header promises width x height pixels and whose body holds none."""
    header = struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_pixels_are_those_another_decoder_reads(file_format):
    payload = encode(gradient(), file_format)

    image = decode(payload)

    expected = pillow_upright(payload)
    assert image.shape == (90, 160, 3)
    assert image.dtype == np.uint8
    assert np.abs(image.astype(int) - expected).max() <= 3  # JPEG decoders round differently


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", FORMATS)
def test_every_exif_orientation_comes_out_upright(file_format, orientation):
    payload = encode(gradient(), file_format, orientation=orientation)

    image = decode(payload)

    expected = pillow_upright(payload)
    assert image.shape == expected.shape
    assert np.abs(image.astype(int) - expected).max() <= 3


def test_a_progressive_jpeg_is_read():
    image = decode(encode(gradient(), "JPEG", progressive=True))

    assert image.shape == (90, 160, 3)


def test_a_grey_picture_becomes_rgb():
    image = decode(encode(gradient()[:, :, 0], "JPEG"))

    assert image.shape == (90, 160, 3)


def test_a_transparent_picture_becomes_rgb():
    opaque = np.dstack([gradient(), np.full((90, 160), 255, np.uint8)])

    image = decode(encode(opaque, "PNG"))

    assert np.array_equal(image, gradient())


def test_bytes_after_the_end_of_a_jpeg_do_no_harm():
    image = decode(encode(gradient(), "JPEG") + b"a phone's own trailer")

    assert image.shape == (90, 160, 3)


@pytest.mark.parametrize("kept", [0.001, 0.02, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_truncated_picture_is_rejected(file_format, kept):
    noise = np.random.default_rng(7).integers(0, 255, (90, 160, 3), np.uint8)
    payload = encode(noise, file_format)

    with pytest.raises(ImageRejected):
        decode(payload[: int(len(payload) * kept)])


def test_a_jpeg_whose_second_half_never_arrived_is_rejected_though_its_length_is_right():
    payload = encode(gradient(), "JPEG")
    half = len(payload) // 2

    with pytest.raises(ImageRejected):
        decode(payload[:half] + bytes(len(payload) - half))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"x",
        b"not a picture at all",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x04\x00\x00\x00WEBP",
        b"GIF89a" * 9,
    ],
    ids=["empty", "one byte", "text", "bare JPEG", "bare PNG", "bare WebP", "GIF"],
)
def test_what_is_no_picture_is_rejected(payload):
    with pytest.raises(ImageRejected):
        decode(payload)


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_picture_mangled_by_a_text_decoder_is_rejected(file_format):
    payload = encode(gradient(), file_format).decode("utf-8", "replace").encode()

    with pytest.raises(ImageRejected):
        decode(payload)


def test_a_bomb_is_rejected_from_its_header_alone():
    with pytest.raises(ImageRejected, match="10000 by 10000"):
        decode(bomb(10_000, 10_000))


def test_a_picture_without_pixels_is_rejected():
    with pytest.raises(ImageRejected, match="no pixels"):
        decode(bomb(0, 10))


def test_a_picture_with_a_damaged_exif_tag_is_shown_as_stored():
    payload = encode(gradient(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")

    image = decode(payload)

    assert image.shape == (90, 160, 3)


@pytest.mark.parametrize("shape", ["Landscape", "Portrait"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_published_orientation_pictures_come_out_alike(shape, orientation):
    folder = evaluation_data() / "vectors" / "exif_orientation"
    stored_upright = decode((folder / f"{shape}_1.jpg").read_bytes())

    image = decode((folder / f"{shape}_{orientation}.jpg").read_bytes())

    assert image.shape == stored_upright.shape
    assert np.abs(image.astype(int) - stored_upright).mean() < 6  # each file is compressed on its own


def evaluation_data():
    folder = os.environ.get("CARI_EVAL_DATA")
    if not folder:
        pytest.skip("CARI_EVAL_DATA names no folder with the published orientation pictures")
    return Path(folder)
