"""The documents that the phone benchmark photographs: rendered ones of every format, and labelled specimens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_mrz import compose, name_field, parse
from specimens.document_page import DocumentPage
from specimens.specimen import sample_portrait

if TYPE_CHECKING:
    from numpy.random import Generator

    from tests.benchmarks.mrz.optics import Picture
    from tests.benchmarks.mrz.specimens import Specimen

PX_PER_MM = 14
LETTER_MM = 2.54  # height of a capital of OCR-B as DocumentPage prints it
SIZES_MM = {
    "TD1": (85.6, 54.0),
    "TD2": (105.0, 74.0),
    "TD3": (125.0, 88.0),
    "MRVA": (120.0, 80.0),
    "MRVB": (105.0, 74.0),
    "IDFRA": (105.0, 74.0),
}
FORMATS = ("TD3", "TD1", "TD2", "TD3", "TD1", "MRVA", "TD3", "TD1", "IDFRA", "TD3", "TD2", "MRVB")
MIDDLES_FROM_BELOW_MM = {2: (15.75, 9.4), 3: (18.0, 11.6, 5.2)}

STATES = ("UTO", "FRA", "POL", "ESP", "NLD", "CAN", "BRA", "KEN", "IND", "JPN", "D", "GBR")
SURNAMES = ("Okafor", "Lindqvist", "Perez Quiroga", "Zhao", "Vandenberghe", "Iyer", "Walczak", "O'Dwyer", "Xhaka")
GIVEN_NAMES = ("Maria Jose", "Kwame", "Ingrid", "Wei", "Jean-Baptiste", "Zofia", "Quentin", "Yuki Hana", "Fatou")
DIGITS, CAPITALS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Sheet:
    """A document seen flat, RGB, and the MRZ on it; lines is None where it has none."""

    name: str
    picture: Picture
    px_per_mm: float
    lines: tuple[str, ...] | None
    mrz_from_below_mm: float | None  # where the middle of the MRZ is; None where that is not known


def rendered(number: int, px_per_mm: int = PX_PER_MM) -> Sheet:
    """Render a document of somebody who does not exist; the same one for the same number."""
    rng = np.random.default_rng(number)
    kind = FORMATS[number % len(FORMATS)]
    lines = _lines(kind, rng)
    middles = MIDDLES_FROM_BELOW_MM[len(lines)]
    page = _page(SIZES_MM[kind], px_per_mm, rng)
    page.mrz(lines, middles)
    return Sheet(f"{number:02} {kind}", np.asarray(page.image), px_per_mm, lines, sum(middles) / len(middles))


def without_mrz(number: int) -> Sheet:
    """Render a document that has no MRZ."""
    rng = np.random.default_rng(10_000 + number)
    return Sheet(f"{number:02} none", np.asarray(_page(SIZES_MM["TD1"], PX_PER_MM, rng).image), PX_PER_MM, None, None)


def scanned(specimen: Specimen) -> Sheet:
    """Take a labelled specimen for a document of the size that its format has."""
    picture = np.asarray(cv2.imdecode(np.fromfile(specimen.path, np.uint8), cv2.IMREAD_COLOR_RGB), np.uint8)
    kind = parse(specimen.lines).format if specimen.lines else "TD1"
    return Sheet(specimen.path.name, picture, picture.shape[1] / SIZES_MM[kind][0], specimen.lines, None)


def _lines(kind: str, rng: Generator) -> tuple[str, ...]:
    """Compose an MRZ with a bearer and numbers out of thin air."""
    born = date(1940, 1, 1) + timedelta(days=int(rng.integers(25_000)))
    expires = date(2027, 1, 1) + timedelta(days=int(rng.integers(3_500)))
    surname, given = str(rng.choice(SURNAMES)), str(rng.choice(GIVEN_NAMES))
    state = str(rng.choice(STATES))
    if kind == "IDFRA":
        return compose(
            kind,
            {
                "type": "ID",
                "country": "FRA",
                "surname": name_field(surname, "").rstrip("<"),
                "optional1": _drawn("999999", rng),
                "number": f"{rng.integers(8, 14):02}{rng.integers(1, 13):02}{_drawn('99999999', rng)}",
                "names": name_field("", given).strip("<"),
                "date_of_birth": f"{born:%y%m%d}",
                "sex": str(rng.choice(("M", "F"))),
            },
        )
    return compose(
        kind,
        {
            "type": {"TD1": "I", "TD2": "I", "TD3": "P"}.get(kind, "V"),
            "country": state,
            "nationality": state,
            "name": name_field(surname, given),
            "number": _drawn(str(rng.choice(("AA9999999", "999999999", "XXXXXXXXX", "A99999999"))), rng),
            "date_of_birth": f"{born:%y%m%d}",
            "sex": str(rng.choice(("M", "F", "<"))),
            "expiration_date": f"{expires:%y%m%d}",
            **({"personal_number": _drawn("9999999999", rng)} if kind == "TD3" and rng.random() < 0.5 else {}),
            **({"optional1": _drawn("XXXXXX", rng)} if kind in {"TD1", "TD2", "MRVB"} and rng.random() < 0.5 else {}),
        },
    )


def _drawn(picture: str, rng: Generator) -> str:
    """Draw a digit for every 9, a letter for every A, either for every X."""
    choices = {"9": DIGITS, "A": CAPITALS, "X": DIGITS + CAPITALS}
    return "".join(choices[kind][int(rng.integers(len(choices[kind])))] for kind in picture)


def _page(size_mm: tuple[float, float], px_per_mm: int, rng: Generator) -> DocumentPage:
    """Draw a document's ornaments, portrait and some fields."""
    width, height = size_mm
    page = DocumentPage(size_mm, px_per_mm)
    tints = [tuple(int(value) for value in rng.integers(70, 215, 3)) for _ in range(3)]
    page.guilloche([(red, green, blue) for red, green, blue in tints], strength=int(rng.integers(60, 150)))
    page.panel((0, height - 23.2), (width, 23.2), (250, 249, 245), opacity=int(rng.integers(0, 200)))
    page.text((4, 2), f"SPECIMEN {rng.integers(100, 999)}", 4)
    tall = min(0.35 * width, height - 33)  # which leaves the MRZ alone
    page.photograph(sample_portrait(), (4, 8), (tall * 7 / 9, tall))
    left, bottom = 0.34 * width, height - 27
    rows = np.arange(9, bottom, 7.2)
    for row, label in zip(rows, ("Name", "Number", "Born", "Place", "Authority", "Until"), strict=False):
        page.field((left, float(row)), label, _drawn("AAAAA 99999".replace(" ", "A"), rng))
    page.specimen((0.6 * width, 0.4 * height), 6, angle=18)
    return page
