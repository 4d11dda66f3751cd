import io
import struct
import zlib

import pillow_heif
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cari_core.containers import MAX_PIXELS
from cari_core.errors import BodyMangled, ImageRejected, UnsupportedImage
from cari_intake import intake
from tests.unit.intake.pictures import encoded, exif

KINDS = ("JPEG", "PNG", "WEBP")


def taken(payload: bytes):
    return intake(payload, field="front")


def pixels(payload: bytes) -> bytes:
    return Image.open(io.BytesIO(payload)).convert("RGB").tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_picture_passes_with_its_size_and_type(kind):
    picture = taken(encoded(kind))

    assert (picture.width, picture.height, picture.content_type) == (120, 80, f"image/{kind.lower()}")


@pytest.mark.parametrize("kind", KINDS)
def test_stripping_leaves_every_pixel_as_it_was(kind):
    original = encoded(kind, exif=exif(6))

    assert pixels(taken(original).payload) == pixels(original)


@pytest.mark.parametrize("kind", KINDS)
def test_place_and_owner_are_dropped(kind):
    picture = taken(encoded(kind, exif=exif(6)))

    left = Image.open(io.BytesIO(picture.payload)).getexif()
    assert b"PRIVATE OWNER" not in picture.payload
    assert dict(left) == {0x0112: 6}
    assert not left.get_ifd(0x8825)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("orientation", "upright"), [(1, (120, 80)), (3, (120, 80)), (6, (80, 120)), (8, (80, 120))])
def test_the_size_is_that_of_the_upright_picture(kind, orientation, upright):
    picture = taken(encoded(kind, exif=exif(orientation)))

    assert (picture.width, picture.height) == upright


def test_text_chunks_of_a_png_are_dropped():
    info = PngInfo()
    info.add_text("Author", "PRIVATE OWNER")

    assert b"PRIVATE OWNER" not in taken(encoded("PNG", pnginfo=info)).payload


def test_comments_of_a_jpeg_are_dropped():
    assert b"PRIVATE OWNER" not in taken(encoded(comment=b"PRIVATE OWNER")).payload


def test_what_follows_the_end_of_a_jpeg_is_dropped():
    second = encoded(exif=exif(1))  # phones append pictures with metadata of their own

    assert taken(encoded() + second).payload == taken(encoded()).payload


def test_a_progressive_jpeg_keeps_all_its_scans():
    original = encoded(progressive=True, size=(400, 300))

    assert pixels(taken(original).payload) == pixels(original)


def test_heic_becomes_a_jpeg_of_the_same_size():
    heic = io.BytesIO()
    pillow_heif.from_pillow(Image.open(io.BytesIO(encoded()))).save(heic)

    picture = taken(heic.getvalue())

    assert (picture.content_type, picture.width, picture.height) == ("image/jpeg", 120, 80)


def test_a_cut_off_heic_is_rejected():
    heic = io.BytesIO()
    pillow_heif.from_pillow(Image.open(io.BytesIO(encoded()))).save(heic)

    with pytest.raises(ImageRejected):
        taken(heic.getvalue()[:300])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_cut_off_picture_is_rejected(kind, kept):
    whole = encoded(kind, size=(300, 200))

    with pytest.raises(ImageRejected):
        taken(whole[: int(len(whole) * kept)])


def test_an_empty_part_is_rejected_by_name():
    with pytest.raises(ImageRejected) as refused:
        taken(b"")

    assert refused.value.field == "front"


def test_a_picture_too_small_to_read_is_rejected():
    with pytest.raises(ImageRejected, match="40 by 40"):
        taken(encoded(size=(40, 40)))


def test_a_bomb_of_100_megapixels_is_rejected_by_its_header():
    header = b"IHDR" + struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))

    with pytest.raises(ImageRejected, match="megapixels"):
        taken(bomb + b"\0\0\0\0IDAT" + b"\0" * 8)


def test_the_bound_is_50_megapixels():
    assert MAX_PIXELS == 50_000_000


@pytest.mark.parametrize(
    ("payload", "detected"),
    [
        (b"hello there\n", "text"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"GIF89a\x01", "GIF"),
        (b"\0\0\0\x20ftypavif", "AVIF"),
    ],
)
def test_other_files_are_refused_and_named_whatever_their_name(payload, detected):
    with pytest.raises(UnsupportedImage) as refused:
        intake(payload, field="selfie", filename="me.jpg")

    assert refused.value.extensions["detected"] == detected


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_that_went_through_a_text_decoder_is_told_so(kind):
    mangled = encoded(kind).decode("utf-8", errors="replace").encode()

    with pytest.raises(BodyMangled):
        taken(mangled)
