"""Specimen documents that carry real faces, photographed, and selfies of their holders and of others.

A document is rendered (local/specimen.py) around a portrait that was printed as documents print it
(tests/benchmarks/face/printing.py), then photographed as an app asks for it: nearly from above, a page 450-900 pixels
wide, with the difficulties of LIGHTLY (tests/benchmarks/mrz/phone.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image as Pillow

from cari_face import find_faces
from specimens.specimen import CARD_MM, IDENTITY, PASSPORT_MM, render_card, render_passport
from tests.benchmarks.face.photographs import labelled
from tests.benchmarks.face.printing import portrait_of, printed
from tests.benchmarks.mrz import phone
from tests.benchmarks.mrz.sheets import DIGITS, GIVEN_NAMES, SURNAMES, Sheet
from tools.face_calibration.calibrate_pictures import central

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.random import Generator
    from numpy.typing import NDArray

    from cari_decision.evidence import DocumentType
    from specimens.specimen import Identity

TODAY = date(2026, 11, 1)
IMPOSTORS = 10
LIGHTLY = phone.Difficulty(tilt=0.25, light=0.35, shadow=0.2, motion=0.1, defocus=0.2, noise=0.3, jpeg=0.4, bow=0.1)
PX_PER_MM = {"passport": (3.8, 7.2), "card": (5.5, 10.0)}  # faces of 60-150 pixels


@dataclass(frozen=True)
class Composite:
    """Whose document it is, and the pictures of selfies to try with it: the holder's first."""

    number: int
    type: DocumentType
    portrait: Path
    selfies: tuple[Path, ...]


def plan(folder: Path, documents: int) -> list[Composite]:
    """Choose people with two pictures at least, one document each, and others by lot."""
    photographs = labelled(folder)
    rng = np.random.default_rng(7)
    by_person: dict[int, list[int]] = {}
    for picture, person in enumerate(photographs.people):
        by_person.setdefault(int(person), []).append(picture)
    holders = [person for person, pictures in by_person.items() if len(pictures) > 1]
    rng.shuffle(holders)
    everyone = list(by_person)
    composites = []
    for number, holder in enumerate(holders[:documents]):
        first, second = by_person[holder][:2]
        others = [person for person in rng.choice(everyone, IMPOSTORS + 1, replace=False) if person != holder]
        strangers = [by_person[int(person)][-1] for person in others[:IMPOSTORS]]
        composites.append(
            Composite(
                number,
                "passport" if number % 2 else "card",
                photographs.paths[first],
                tuple(photographs.paths[picture] for picture in (second, *strangers)),
            )
        )
    return composites


def photographed(composite: Composite) -> list[bytes] | None:
    """Make the document's pictures, front first, as JPEG. None where its holder's photograph shows no face."""
    image = cv2.cvtColor(cv2.imread(str(composite.portrait)), cv2.COLOR_BGR2RGB)
    faces = find_faces(image)
    if not faces:
        return None
    rng = np.random.default_rng(composite.number)
    portrait = Pillow.fromarray(printed(portrait_of(image, central(image, faces).box), rng))
    identity = made_up(rng)
    if composite.type == "passport":
        pages, width_mm = [render_passport(identity, portrait, TODAY)], PASSPORT_MM[0]
    else:
        pages, width_mm = list(render_card(identity, portrait, TODAY)), CARD_MM[0]
    px_per_mm = rng.uniform(*PX_PER_MM[composite.type])
    return [photograph(np.asarray(page.convert("RGB")), width_mm, px_per_mm, rng) for page in pages]


def photograph(page: NDArray[np.uint8], width_mm: float, px_per_mm: float, rng: Generator) -> bytes:
    sheet = Sheet("page", page, page.shape[1] / width_mm, None, None)
    shot = phone.shot(sheet, LIGHTLY, px_per_mm * phone.LETTER_MM, rng)
    _, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(shot.picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, shot.jpeg_quality]
    )
    return jpeg.tobytes()


def made_up(rng: Generator) -> Identity:
    """Make somebody up, aged 18 to 80."""
    born = TODAY - timedelta(days=int(rng.integers(18 * 366, 80 * 365)))
    return replace(
        IDENTITY,
        surname=str(rng.choice(SURNAMES)),
        given_names=str(rng.choice(GIVEN_NAMES)),
        date_of_birth=born,
        sex=str(rng.choice(("F", "M"))),
        passport_number=f"UX{_digits(rng, 7)}",
        card_number=f"UD{_digits(rng, 7)}",
        personal_number=f"{born:%y%m%d}V{_digits(rng, 3)}",
    )


def _digits(rng: Generator, count: int) -> str:
    return "".join(rng.choice(list(DIGITS), count))
