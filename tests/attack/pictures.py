"""Pictures that no camera makes: mutants of every format, and a few that are drawn to hurt."""

from __future__ import annotations

import io
import random
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pillow_heif
from PIL import Image

from tests.attack.forms import FORM, form
from tests.attack.target import Record, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

SIZE = (640, 480)
AT_ONCE = 4


def attack(stack: Stack, selfie: bytes, passport: bytes, *, each: int, seed: int) -> Iterator[Record]:
    """Post `each` mutants of every format as the front, then what is drawn to hurt, once as each side."""
    with Image.open(io.BytesIO(passport)) as opened:
        small = opened.convert("RGB").resize(SIZE)
    for kind, sound in formats(small).items():
        chance = random.Random(f"{seed} {kind}")
        mutants = [(f"mutant {number} of {kind}", mutant(sound, chance)) for number in range(each)]
        if kind == "PNG":  # every other one with right sums, or none would be looked at any closer
            mutants[::2] = [(what, summed(one)) for what, one in mutants[::2]]
        yield _posted(stack, Record(f"pictures: {kind} mutants"), [(what, selfie, one) for what, one in mutants])
    hostile = drawn(small)
    sides = [(what, selfie, one) for what, one in hostile] + [
        (f"{what} as selfie", one, passport) for what, one in hostile
    ]
    yield _posted(stack, Record("pictures: drawn to hurt"), sides)


def formats(picture: Image.Image) -> dict[str, bytes]:
    """Write a picture in every format that is taken."""
    pillow_heif.register_heif_opener()
    written = {}
    for kind, options in (("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("HEIF", {"quality": 60})):
        out = io.BytesIO()
        picture.save(out, kind, **options)
        written[kind] = out.getvalue()
    return written


def mutant(sound: bytes, chance: random.Random) -> bytes:
    """Change bytes, most of them near the beginning, where lengths and sizes stand; cut, repeat or swap pieces."""
    bad = bytearray(sound)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        place = min(int(chance.paretovariate(0.6) * 8), len(bad) - 1)
        bad[place] = chance.choice((0, 0xFF, 0x7F, bad[place] ^ (1 << chance.randrange(8)), chance.randrange(256)))
    start, length = chance.randrange(len(bad)), chance.randrange(1, 400)
    damage = chance.randrange(6)
    if damage == 0:
        del bad[start:]
    elif damage == 1:
        del bad[start : start + length]
    elif damage == 2:  # a die's sides
        bad[start:start] = bad[start : start + length] * 3
    return bytes(bad)


def summed(png_mutant: bytes) -> bytes:
    """Write the right sum behind each of a PNG's chunks, as far as their lengths lead."""
    written, position = bytearray(png_mutant), 8
    while position + 12 <= len(written):
        (length,) = struct.unpack_from(">I", written, position)
        end = position + 8 + length
        if end + 4 > len(written):
            break
        struct.pack_into(">I", written, end, zlib.crc32(written[position + 4 : end]))
        position = end + 4
    return bytes(written)


def drawn(picture: Image.Image) -> list[tuple[str, bytes]]:
    """Draw what is valid, or nearly, and costs more than it looks."""
    return [
        ("a JPEG of 400 scans", many_scans(picture, 400)),
        ("64 by 65000 pixels", _saved(Image.new("RGB", (64, 65_000), "grey"), "JPEG")),
        ("65000 by 64 pixels", _saved(Image.new("RGB", (65_000, 64), "grey"), "PNG")),
        ("a PNG that says 64 by 700000", png(64, 700_000, b"\0" * 1000)),
        ("a PNG that says 7000 by 7000 and holds nothing", png(7000, 7000, b"")),
        ("a PNG of 200,000 chunks", png(640, 480, b"", [(b"tEXt", b"a\0b")] * 200_000)),
        ("a PNG whose pixels go on", png(64, 64, b"\0" * 60_000_000)),
        ("a JPEG of 100,000 comments", _commented(_saved(picture, "JPEG"), 100_000)),
        ("a page without a face or a line", _saved(Image.new("RGB", SIZE, "white"), "JPEG")),
        ("noise", _saved(Image.effect_noise(SIZE, 90).convert("RGB"), "JPEG")),
        ("an animation", _animated(picture)),
        ("a GIF", _saved(picture, "GIF")),
        ("a PDF", b"%PDF-1.7\n" + b"x" * 1000),
        ("nothing", b""),
    ]


def many_scans(picture: Image.Image, scans: int) -> bytes:
    """Repeat a progressive JPEG's last scan: a decoder goes over all of the picture for each."""
    sound = _saved(picture, "JPEG", progressive=True)
    last = sound.rindex(b"\xff\xda")
    return sound[:-2] + sound[last:-2] * scans + b"\xff\xd9"


def png(width: int, height: int, raw: bytes, more: list[tuple[bytes, bytes]] | None = None) -> bytes:
    """Write a PNG by hand: grey, with `raw` as its lines, and chunks before them."""
    head = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    chunks = [head, *(more or []), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def _posted(stack: Stack, record: Record, pairs: list[tuple[str, bytes, bytes]]) -> Record:
    def post(pair: tuple[str, bytes, bytes]) -> None:
        what, selfie, front = pair
        answer = ask(stack, "POST", "/identity/verify", key=stack.key, body=form(selfie, front), Content_Type=FORM)
        record.note(what, answer.status, answer.took_s)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(post, pairs))
    return record


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _animated(picture: Image.Image) -> bytes:
    frames = [picture.rotate(turn) for turn in range(0, 90, 9)]
    return _saved(picture, "WEBP", save_all=True, append_images=frames)


def _commented(jpeg: bytes, comments: int) -> bytes:
    return jpeg[:2] + b"\xff\xfe\x00\x03x" * comments + jpeg[2:]
