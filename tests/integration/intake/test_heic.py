"""HEIC is decoded by another's large decoder: whatever a picture does to it, the caller is told what is wrong."""

import contextlib
import io
import random
import struct
import subprocess

import pillow_heif
import pytest
from PIL import Image

from cari_core.containers import Fault
from cari_core.errors import ImageRejected
from cari_intake import heic, intake
from tests.unit.intake.pictures import encoded
from tests.unit.intake.pictures import heic as encoded_heic

MUTANTS = 400


def surprising_mutants() -> dict[type[Exception], bytes]:
    """Damage a HEIC over and over; give one for each kind of error that the decoder raises beside the usual ones."""
    whole, chance = encoded_heic(), random.Random(17)  # noqa: S311  # the same mutants each time
    found: dict[type[Exception], bytes] = {}
    for _ in range(MUTANTS):
        mutant = bytearray(whole)
        for _ in range(chance.choice((1, 2, 4, 8))):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        try:
            with contextlib.suppress(ValueError, RuntimeError, OSError, EOFError):
                pillow_heif.open_heif(bytes(mutant), convert_hdr_to_8bit=True).to_pillow().load()
        except Exception as error:  # noqa: BLE001  # which they are is what is asked
            found[type(error)] = bytes(mutant)
    return found


def grid_of(columns: int, rows: int, tile: int) -> bytes:
    """Make a HEIC of a few kilobytes that lays one tile out again and again, mostly outside its picture."""
    parts = dict(boxes(encoded_heic((tile, tile), quality=30)))
    coding = dict(boxes(dict(boxes(dict(boxes(parts[b"meta"][4:]))[b"iprp"]))[b"ipco"]))[b"hvcC"]
    data, side = parts[b"mdat"], tile * 2
    layout = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, side, side)
    start = box(b"ftyp", b"heic\0\0\0\0mif1heic")

    def meta(offset: int) -> bytes:
        places = struct.pack(">HHHHII", 2, 1, 0, 1, offset, len(data))
        places += struct.pack(">HHHII", 2, 0, 1, offset + len(data), len(layout))
        properties = (
            box(b"hvcC", coding),
            *(full_box(b"ispe", struct.pack(">II", each, each)) for each in (tile, side)),
        )
        return full_box(
            b"meta",
            full_box(b"hdlr", bytes(4) + b"pict" + bytes(13)),
            full_box(b"pitm", struct.pack(">H", 2)),
            full_box(b"iloc", b"\x44\0" + places),
            full_box(b"iinf", struct.pack(">H", 2), item(1, b"hvc1"), item(2, b"grid")),
            full_box(b"iref", box(b"dimg", struct.pack(">HH", 2, rows * columns) + b"\0\1" * rows * columns)),
            box(b"iprp", box(b"ipco", *properties), full_box(b"ipma", bytes.fromhex("00000002 0001028102 00020103"))),
        )

    return start + meta(len(start) + len(meta(0)) + 8) + box(b"mdat", data + layout)


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full_box(kind: bytes, *content: bytes, version: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]), *content)


def item(number: int, kind: bytes) -> bytes:
    return full_box(b"infe", struct.pack(">HH4sB", number, 0, kind, 0), version=2)


def boxes(content: bytes):
    at = 0
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        yield content[at + 4 : at + 8], content[at + 8 : at + length]
        at += length


def test_a_damaged_heic_is_rejected_whatever_the_decoder_raises():
    mutants = surprising_mutants()
    assert {SyntaxError, IndexError} <= mutants.keys()

    for mutant in mutants.values():
        with pytest.raises(ImageRejected) as refused:
            intake(mutant, field="back")
        assert refused.value.field == "back"


def test_a_grid_of_tiles_is_read():
    assert Image.open(io.BytesIO(heic.to_jpeg(grid_of(2, 2, 128)))).size == (256, 256)


def test_a_heic_that_holds_its_decoder_is_refused_by_name():
    with pytest.raises(Fault, match="takes too long"):
        heic.to_jpeg(grid_of(31, 31, 1024), max_cpu_s=1)


@pytest.mark.parametrize(("size", "why"), [((8200, 6200), "50 megapixels"), ((64, 17_000), "16384 on a side")])
def test_a_heic_that_is_too_large_is_refused_by_its_header(size, why):
    header = struct.pack(">II", 120, 80)
    larger = encoded_heic().replace(header, struct.pack(">II", *size))

    with pytest.raises(ImageRejected, match=why):
        intake(larger, field="front")


def test_a_decoder_that_crashes_costs_a_refusal(monkeypatch):
    crashed = subprocess.CompletedProcess([], -11, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: crashed)

    with pytest.raises(Fault, match="damaged"):
        heic.to_jpeg(b"anything")


def test_a_decoder_that_does_not_start_is_our_own_fault(monkeypatch):
    failed = subprocess.CompletedProcess([], 1, b"", b"No module named pillow_heif")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)

    with pytest.raises(RuntimeError, match="pillow_heif"):
        heic.to_jpeg(b"anything")


def test_the_decoder_has_none_of_our_credentials(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    given = {}
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **options: given.update(options) or subprocess.CompletedProcess([], 0, b"", b"")
    )

    heic.to_jpeg(b"anything")

    assert not [name for name in given["env"] if name.startswith("AWS")]


def test_what_a_heic_says_of_its_owner_is_dropped():
    described = encoded_heic(exif=b"Exif\0\0MM\0*" + b"PRIVATE OWNER")

    assert b"PRIVATE OWNER" in described
    assert b"PRIVATE OWNER" not in intake(described, field="front").payload


def test_a_heic_of_several_pictures_shows_its_primary_one():
    several = pillow_heif.from_pillow(Image.open(io.BytesIO(encoded("PNG"))))
    several.add_from_pillow(Image.new("RGB", (300, 200), "green"))
    written = io.BytesIO()
    several.save(written, primary_index=0)

    assert intake(written.getvalue(), field="front").width == 120
