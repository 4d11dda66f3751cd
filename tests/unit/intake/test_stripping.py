"""A text is planted wherever a file has room for one: none survives, and the picture stays as it was."""

import io
import struct
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image

from cari_core.errors import ImageRejected
from cari_intake import intake
from tests.unit.intake import pictures
from tests.unit.intake.pictures import chunk, encoded, jpeg_of, pixels, riff_chunk, segment, segments, webp_of

OWNER = b"PRIVATE OWNER"
MAKES_THE_PICTURE = frozenset({0xC4, 0xDA, 0xDB, 0xDD, *range(0xC0, 0xD0)}) - {0xC8, 0xCC}  # DHT, SOS, DQT, DRI, SOF
KINDS_OF_SEGMENT = sorted({*range(2, 0xFF)} - pictures.MARKERS_WITHOUT_SEGMENT - MAKES_THE_PICTURE)
KINDS_OF_CHUNK = (
    *(b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP", b"tRNS", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"tIME"),
    *(b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"acTL", b"fcTL", b"fdAT", b"oFFs", b"vpAg", b"caBX", b"prVt", b"UNKN"),
)
KINDS_OF_RIFF_CHUNK = (b"ICCP", b"EXIF", b"XMP ", b"ALPH", b"UNKN", b"LIST", b"JUNK", b"VP8 ", b"VP8L")

JPEGS = {
    "baseline": encoded(),
    "progressive": encoded(progressive=True),
    "grey": encoded(mode="L"),
    "CMYK": encoded(mode="CMYK"),
    "restarts": encoded(restart_marker_blocks=2),
    "turned": encoded(exif=pictures.exif(6)),
}
PNGS = {
    "RGB": encoded("PNG"),
    "palette": encoded("PNG", mode="P"),
    "one bit": encoded("PNG", mode="1"),
    "grey": encoded("PNG", mode="L"),
    "transparent": encoded("PNG", mode="RGBA"),
    "turned": encoded("PNG", exif=pictures.exif(6)),
}
WEBPS = {
    "lossy": encoded("WEBP"),
    "lossless": encoded("WEBP", lossless=True),
    "transparent": encoded("WEBP", mode="RGBA"),
    "turned": encoded("WEBP", exif=pictures.exif(6)),
    "turned and lossless": encoded("WEBP", lossless=True, exif=pictures.exif(6)),
}


def stripped(payload: bytes) -> bytes:
    return intake(payload, field="front").payload


def survivors(planted: Iterator[tuple[str, bytes]], original: bytes) -> list[str]:
    """Name the places where the text stays, or whose stripping changes a pixel."""
    usual, expected = stripped(original), pixels(original)
    assert pixels(usual) == expected
    return [
        place
        for place, payload in planted
        if OWNER in (kept := stripped(payload)) or (kept != usual and pixels(kept) != expected)
    ]


def in_segments(jpeg: bytes) -> Iterator[tuple[str, bytes]]:
    """Plant segments, each kind at every fifth place, and bytes of none between any two segments and before the end."""
    cut = segments(jpeg)
    for at in range(len(cut) + 1):
        for kind in KINDS_OF_SEGMENT[at % 5 :: 5]:
            yield f"{kind:02X} at {at}", jpeg_of([*cut[:at], segment(kind, OWNER), *cut[at:]])
        if at and cut[at - 1][1] != 0xDA:
            yield f"bytes at {at}", jpeg_of([*cut[:at], OWNER, *cut[at:]])
        yield f"fill at {at}", jpeg_of([*cut[:at], b"\xff" * 7, segment(0xE5, OWNER), *cut[at:]])


@pytest.mark.parametrize("kind", JPEGS)
def test_no_segment_of_a_jpeg_carries_a_text(kind):
    assert survivors(in_segments(JPEGS[kind]), JPEGS[kind]) == []


@pytest.mark.parametrize(
    "content",
    [
        b"JFIF\0\1\2\0\0\1\0\1\4\4" + OWNER * 4,  # a thumbnail
        b"JFIF\0\1\1\0\0\1\0\1\0\0" + OWNER,
        b"JFXX\0\x10" + OWNER,
        b"JFIF\0" + OWNER,  # where version and density stand
    ],
    ids=["thumbnail", "tail", "extension", "density"],
)
def test_of_an_app0_only_that_it_is_jfif_is_kept(content):
    original = segments(encoded())

    kept = stripped(jpeg_of([segment(0xE0, content), *original[1:]]))

    assert OWNER not in kept
    assert kept.count(b"JFXX") == 0
    assert pixels(kept) == pixels(jpeg_of(original))


def test_of_an_adobe_segment_only_the_colour_transform_is_kept():
    original = encoded(mode="CMYK")
    cut = segments(original)
    adobe = next(each for each in cut if each[1] == 0xEE)
    extended = [segment(0xEE, b"Adobe" + OWNER[:6] + adobe[15:] + OWNER) if each is adobe else each for each in cut]

    kept = stripped(jpeg_of(extended))

    assert OWNER[:6] not in kept
    assert pixels(kept) == pixels(original)


@pytest.mark.parametrize(
    "hidden",
    [
        segment(0xDB, b"\3" + OWNER.ljust(64, b"\1")),
        segment(0xDB, b"\0" + OWNER.ljust(64, b"\1")),  # defined again before it is used
        segment(0xC4, b"\x13" + bytes([0] * 7 + [len(OWNER)] + [0] * 8) + OWNER),
        segment(0xC4, b"\0" + bytes([0] * 7 + [len(OWNER)] + [0] * 8) + OWNER),
    ],
    ids=["quantization", "quantization, superseded", "Huffman", "Huffman, superseded"],
)
def test_tables_that_no_scan_uses_are_dropped(hidden):
    cut = segments(encoded())

    assert survivors(iter([("table", jpeg_of([cut[0], hidden, *cut[1:]]))]), encoded()) == []


@pytest.mark.parametrize("kind", JPEGS)
def test_a_text_behind_the_end_of_a_jpeg_is_dropped(kind):
    assert stripped(JPEGS[kind] + OWNER + JPEGS[kind]) == stripped(JPEGS[kind])


def test_a_jpeg_with_its_tables_between_its_scans_keeps_every_pixel():
    original = encoded(size=(400, 300), progressive=True, optimize=True, quality=95)

    assert pixels(stripped(original)) == pixels(original)


def in_chunks(png: bytes) -> Iterator[tuple[str, bytes]]:
    """Plant a chunk of each kind between any two chunks and behind the last, and bytes in and behind the pixels."""
    cut = pictures.chunks(png)
    for at in range(1, len(cut) + 1):
        for kind in KINDS_OF_CHUNK:
            yield f"{kind} at {at}", pictures.PNG_START + b"".join([*cut[:at], chunk(kind, OWNER), *cut[at:]])
    yield "behind the end", png + OWNER
    last = max(number for number, each in enumerate(cut) if each[4:8] == b"IDAT")
    behind = [*cut[: last + 1], chunk(b"IDAT", OWNER), *cut[last + 1 :]]
    yield "an IDAT more", pictures.PNG_START + b"".join(behind)
    longer = [*cut[:last], chunk(b"IDAT", cut[last][8:-4] + OWNER), *cut[last + 1 :]]
    yield "a longer IDAT", pictures.PNG_START + b"".join(longer)


@pytest.mark.parametrize("kind", PNGS)
def test_no_chunk_of_a_png_carries_a_text(kind):
    assert survivors(in_chunks(PNGS[kind]), PNGS[kind]) == []


def test_a_palette_has_no_more_colours_than_its_pixels_can_name():
    cut = pictures.chunks(encoded("PNG", mode="1"))
    header = chunk(b"IHDR", cut[0][8:17] + b"\3" + cut[0][18:-4])
    colors = b"\0\0\0\xff\xff\xff"

    plain, longer = (
        pictures.PNG_START + b"".join([header, chunk(b"PLTE", palette), *cut[1:]])
        for palette in (colors, colors + OWNER.ljust(15))
    )

    assert stripped(longer) == stripped(plain)
    assert pixels(stripped(plain)) == pixels(plain)


def test_a_palette_beside_true_colours_is_dropped():
    cut = pictures.chunks(encoded("PNG"))

    planted = pictures.PNG_START + b"".join([cut[0], chunk(b"PLTE", OWNER.ljust(15)), *cut[1:]])

    assert survivors(iter([("palette", planted)]), encoded("PNG")) == []


def test_rows_that_a_png_has_no_room_for_are_refused():
    cut = pictures.chunks(encoded("PNG"))
    rows = zlib.decompress(b"".join(each[8:-4] for each in cut if each[4:8] == b"IDAT"))

    with pytest.raises(ImageRejected, match="more data than pixels"):
        stripped(pictures.PNG_START + cut[0] + chunk(b"IDAT", zlib.compress(rows + OWNER)) + cut[-1])


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("size", [(64, 64), (65, 67), (71, 100)])
def test_interlaced_rows_are_counted_as_decoders_do(bits, size):
    """The rows of Adam7's passes, by a count of the pixels that fall into each."""
    width, height = size
    passes = [(x, y, dx, dy) for x, y, dx, dy in ADAM7 if x < width and y < height]
    rows = b"".join(
        (b"\0" + bytes(-(-len(range(x, width, dx)) * bits // 8))) * len(range(y, height, dy)) for x, y, dx, dy in passes
    )
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 1))
    interlaced = pictures.PNG_START + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")

    assert pixels(stripped(interlaced)) == pixels(interlaced)


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def in_riff(webp: bytes) -> Iterator[tuple[str, bytes]]:
    """Plant a chunk of each kind between any two chunks and behind the last, and bytes behind the container."""
    cut = list(pictures.riff_chunks(webp))
    image = next(number for number, each in enumerate(cut) if each[:4] in (b"VP8 ", b"VP8L"))
    for at in range(1, len(cut) + 1):
        for kind in KINDS_OF_RIFF_CHUNK:
            if not kind.startswith(b"VP8") or at > image:
                yield f"{kind} at {at}", webp_of([*cut[:at], riff_chunk(kind, OWNER), *cut[at:]])
    yield "behind the end", webp + OWNER


@pytest.mark.parametrize("kind", WEBPS)
def test_no_chunk_of_a_webp_carries_a_text(kind):
    assert survivors(in_riff(WEBPS[kind]), WEBPS[kind]) == []


def test_bits_of_a_webp_that_are_reserved_are_cleared():
    cut = list(pictures.riff_chunks(WEBPS["turned"]))
    extended = riff_chunk(b"VP8X", bytes([cut[0][8] | 0b11000001]) + b"PRI" + cut[0][12:18] + OWNER)

    assert stripped(webp_of([extended, *cut[1:]])) == stripped(WEBPS["turned"])


def test_the_byte_that_evens_a_chunk_out_is_zero():
    webp = next(made for side in range(80, 160) if (made := encoded("WEBP", (side, 80), lossless=True))[16] % 2)
    assert webp[-1] == 0

    assert stripped(webp[:-1] + b"P") == stripped(webp)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_was_stripped_is_stripped_already(kind, orientation):
    once = stripped(encoded(kind, exif=pictures.exif(orientation)))

    assert stripped(once) == once
    assert Image.open(io.BytesIO(once)).getexif().get(0x0112, 1) == orientation
