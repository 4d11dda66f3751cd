"""Pictures that would take too long, or too much memory, to decode are refused before anybody tries."""

import random
import struct
import zlib

import pytest
from PIL import Image

from cari_core.containers import MAX_SCANS, MAX_SEGMENTS, MAX_SIDE
from cari_core.errors import CariError, ImageRejected
from cari_intake import intake
from tests.unit.intake import pictures
from tests.unit.intake.pictures import chunk, encoded, jpeg_of, riff_chunk, segment, segments, webp_of


def refused(payload: bytes) -> str:
    """Say why a picture is refused."""
    with pytest.raises(ImageRejected) as refusal:
        intake(payload, field="front")
    assert refusal.value.field == "front"
    return refusal.value.detail


def png(width: int, height: int, *extra: bytes) -> bytes:
    """Make a PNG whose header promises pixels that its body has not."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return pictures.PNG_START + header + b"".join(extra) + chunk(b"IEND", b"")


def of_frame(marker: int, *, bits: int = 8, components: int = 3) -> bytes:
    """Make a JPEG that is said to be coded in another way."""
    cut = segments(encoded())
    at = next(number for number, each in enumerate(cut) if each[1] == 0xC0)
    described = b"".join(bytes([number, 0x11, 0]) for number in range(components))
    frame = struct.pack(">BHHB", bits, 80, 120, components) + described
    return jpeg_of([*cut[:at], segment(marker, frame), *cut[at + 1 :]])


def test_a_jpeg_of_as_many_scans_as_encoders_write_is_taken():
    assert intake(pictures.of_scans(MAX_SCANS), field="front").width == 120


@pytest.mark.parametrize("count", [MAX_SCANS + 1, 500])
def test_a_jpeg_of_more_scans_is_refused_by_name(count):
    assert f"more than {MAX_SCANS} scans" in refused(pictures.of_scans(count))


@pytest.mark.parametrize("size", [(64, 700_000), (700_000, 64), (MAX_SIDE + 1, 1000)])
def test_a_picture_with_a_side_that_engines_cannot_take_is_refused_by_name(size):
    assert f"at most {MAX_SIDE} on a side" in refused(png(*size))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_real_picture_that_is_too_long_is_refused(kind):
    assert f"at most {MAX_SIDE} on a side" in refused(encoded(kind, (MAX_SIDE + 1, 200)))


@pytest.mark.parametrize("size", [(64, 6401), (16_000, 159)])
def test_a_picture_that_is_only_a_line_is_refused_by_name(size):
    assert "at most 100 times as long as wide" in refused(encoded("PNG", size))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_longest_picture_is_taken(kind):
    longest = 16_383 if kind == "WEBP" else MAX_SIDE

    assert intake(encoded(kind, (longest, 200)), field="front").width == longest


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCF])
def test_a_jpeg_that_hardly_anything_decodes_is_refused_by_name(marker):
    assert "lossless, hierarchical or arithmetic-coded" in refused(of_frame(marker))


def test_a_jpeg_of_12_bits_is_refused_by_name():
    assert "12 bits a sample" in refused(of_frame(0xC1, bits=12))


@pytest.mark.parametrize("components", [0, 2, 5, 255])
def test_a_jpeg_of_no_known_colours_is_refused_by_name(components):
    assert f"{components} components" in refused(of_frame(0xC0, components=components))


def test_a_jpeg_of_a_height_that_is_told_later_is_refused_by_name():
    cut = segments(encoded())
    at = next(number for number, each in enumerate(cut) if each[1] == 0xC0)
    unknown = cut[at][:5] + b"\0\0" + cut[at][7:]

    assert "has no pixels" in refused(jpeg_of([*cut[:at], unknown, *cut[at + 1 :], segment(0xDC, b"\0\x50")]))


def test_a_jpeg_of_endless_segments_is_refused_by_name():
    whole = encoded()

    assert "segments" in refused(whole[:2] + segment(0xFE, b"") * MAX_SEGMENTS + whole[2:])


def test_a_jpeg_with_two_frames_is_refused():
    cut = segments(encoded())
    at = next(number for number, each in enumerate(cut) if each[1] == 0xC0)

    assert "damaged" in refused(jpeg_of([*cut[: at + 1], *cut[at:]]))


def test_a_png_of_endless_chunks_is_refused_by_name():
    assert "chunks" in refused(png(100, 100, chunk(b"IDAT", b"") * MAX_SEGMENTS))


@pytest.mark.parametrize("surplus", [1, 20_000_000])
def test_pixels_that_inflate_to_more_than_was_promised_are_refused_by_name(surplus):
    pixels = zlib.compress(bytes(100 * 301 + surplus), 9)

    assert "more data than pixels" in refused(png(100, 100, chunk(b"IDAT", pixels)))


def test_pixels_that_inflate_to_less_are_refused():
    assert "damaged" in refused(png(100, 100, chunk(b"IDAT", zlib.compress(bytes(100 * 301 - 1)))))


def test_a_png_whose_sums_do_not_agree_is_refused():
    cut = pictures.chunks(encoded("PNG"))
    wrong = cut[1][:-1] + bytes([cut[1][-1] ^ 1])

    assert "damaged" in refused(pictures.PNG_START + b"".join([cut[0], wrong, *cut[2:]]))


def test_an_animated_webp_is_refused_by_name():
    frames = [Image.new("RGB", (100, 100), color) for color in ("red", "blue", "green")]

    assert "animation" in refused(encoded("WEBP", (100, 100), save_all=True, append_images=frames, duration=9))


def test_an_animated_png_is_taken_as_the_picture_that_it_shows_to_others():
    frames = [Image.new("RGB", (120, 80), color) for color in ("white", "green")]
    animated = encoded("PNG", save_all=True, append_images=frames)

    picture = intake(animated, field="front")

    assert b"acTL" in animated
    assert not {b"acTL", b"fcTL", b"fdAT"} & {each[4:8] for each in pictures.chunks(picture.payload)}
    assert pictures.pixels(picture.payload) == pictures.pixels(encoded("PNG"))


def test_a_webp_of_endless_chunks_is_refused_by_name():
    cut = list(pictures.riff_chunks(encoded("WEBP")))

    assert "chunks" in refused(webp_of([*cut, *[riff_chunk(b"UNKN", b"")] * MAX_SEGMENTS]))


def test_a_webp_whose_canvas_is_not_its_picture_is_refused():
    cut = list(pictures.riff_chunks(encoded("WEBP", exif=pictures.exif(6))))
    canvas = riff_chunk(b"VP8X", cut[0][8:12] + (4000).to_bytes(3, "little") + cut[0][15:18])

    assert "damaged" in refused(webp_of([canvas, *cut[1:]]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_picture_is_taken_or_refused_and_nothing_else(kind):
    whole, chance = encoded(kind, exif=pictures.exif(6)), random.Random(22)  # noqa: S311  # the same each time
    unexpected = []
    for _ in range(500):
        mutant = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8))):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        try:
            intake(bytes(mutant[: chance.choice((len(mutant), chance.randrange(len(mutant))))]), field="front")
        except CariError:
            pass
        except Exception as error:  # noqa: BLE001  # any other is a 500
            unexpected.append(repr(error))

    assert unexpected == []
