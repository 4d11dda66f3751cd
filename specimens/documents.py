"""The specimen documents: of one bearer, valid until 2049, and what can be wrong with what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PIL import Image, ImageFilter

from cari_mrz import compose
from specimens import specimen
from specimens.document_page import ACCENT, DocumentPage
from specimens.specimen import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from specimens.specimen import Identity

ISSUED, EXPIRES = date(2024, 5, 14), date(2049, 5, 13)
EXPIRED, BORN_LATER = date(2019, 5, 13), date(2020, 2, 29)
UNALTERED = EXPIRES.replace(year=2043)  # what somebody made 2049 of
PASSPORT_PX = (900, 634)
CARD_PX = (900, 568)
TD2_MM, TD2_MRZ_MM = (105.0, 74.0), (15.0, 8.0)
LICENCE_NUMBER = "UL40771902"
BARCODE_MM = (6.0, 34.0, 73.6, 16.0)  # left, top, most width, most height
ANOTHER = replace(
    IDENTITY, surname="Pelagia", given_names="Mara", card_number="UD1194402", date_of_birth=date(1979, 4, 2)
)


def passport(  # what may differ
    *,
    printed: Identity = IDENTITY,
    encoded: Identity | None = None,
    portrait: Image.Image | None = None,
    issued: date = ISSUED,
    expires: date = EXPIRES,
    lines: Sequence[str] | None = None,
) -> Image.Image:
    """Render a passport, 900 by 634 pixels; its MRZ says the same as its print unless told otherwise."""
    said = specimen.passport_lines(encoded or printed, expires) if lines is None else lines
    page = specimen.passport_page(printed, portrait or specimen.sample_portrait(), issued, expires, said)
    return page.resize(PASSPORT_PX, Image.Resampling.LANCZOS)


def passport_without_portrait() -> Image.Image:
    """Render a passport whose photograph is missing."""
    page = specimen.passport_page(IDENTITY, None, ISSUED, EXPIRES, specimen.passport_lines(IDENTITY, EXPIRES))
    return page.resize(PASSPORT_PX, Image.Resampling.LANCZOS)


def wrong_check_digit() -> tuple[str, ...]:
    """Compose the passport's MRZ with a birth date's check digit that is one too high."""
    first, second = specimen.passport_lines(IDENTITY, EXPIRES)
    wrong = (int(second[19]) + 1) % 10
    return first, f"{second[:19]}{wrong}{second[20:]}"


def without_expiry() -> tuple[str, ...]:
    """Compose the passport's MRZ without a day of expiry."""
    fields = specimen.mrz_fields(IDENTITY, EXPIRES) | {"type": "P", "number": IDENTITY.passport_number}
    return compose("TD3", fields | {"expiration_date": "<<<<<<"})


def smeared(document: Image.Image, box_mm: tuple[float, float, float, float], radius: float) -> Image.Image:
    """Smear a part of a passport, by so many pixels; the box in millimetres from its upper left corner."""
    scale = document.width / specimen.PASSPORT_MM[0]
    left, top, right, bottom = (round(scale * mm) for mm in box_mm)
    worn = document.copy()
    worn.paste(document.crop((left, top, right, bottom)).filter(ImageFilter.GaussianBlur(radius)), (left, top))
    return worn


def card_front(portrait: Image.Image | None = None) -> Image.Image:
    """Render the side of the identity card that shows the portrait, 900 by 568 pixels."""
    return specimen.card_front(IDENTITY, portrait or specimen.sample_portrait(), EXPIRES).resize(
        CARD_PX, Image.Resampling.LANCZOS
    )


def card_back(identity: Identity = IDENTITY) -> Image.Image:
    """Render the side of the identity card that shows the MRZ, 900 by 568 pixels."""
    back = specimen.card_back(identity, ISSUED, specimen.card_lines(identity, EXPIRES))
    return back.resize(CARD_PX, Image.Resampling.LANCZOS)


def large_card_front() -> Image.Image:
    """Render the front of a card of the larger size (TD2), which shows portrait and MRZ, 900 by 634 pixels."""
    said = specimen.mrz_fields(IDENTITY, EXPIRES) | {"type": "I", "number": IDENTITY.card_number}
    side = DocumentPage(TD2_MM, 12)
    side.guilloche(specimen.CARD_TINTS)
    side.panel((0, 0), (105, 8.2), ACCENT)
    side.text((4, 1.5), "UTOPIA", 3.2, specimen.BAND, face="Serif-Bold")
    side.text((30, 2.75), "IDENTITY CARD  ·  CARTE D'IDENTITÉ", 1.8, specimen.BAND, face="Serif")
    side.panel((0, 52), (105, 22), specimen.BAND, opacity=200)
    side.photograph(specimen.sample_portrait(), (4, 12), (28, 36))
    side.field((37, 11.6), "Surname / Nom", IDENTITY.surname.upper())
    side.field((37, 19.4), "Given names / Prénoms", IDENTITY.given_names.upper())
    side.field((37, 27.2), "Date of birth / Naissance", specimen.day_of(IDENTITY.date_of_birth))
    side.field((37, 35.0), "Date of expiry / Expiration", specimen.day_of(EXPIRES))
    side.field((37, 42.8), "Document No / No du document", IDENTITY.card_number)
    side.specimen((70, 32), 7, angle=18)
    side.mrz(compose("TD2", said), TD2_MRZ_MM)
    return side.image.resize(PASSPORT_PX, Image.Resampling.LANCZOS)


def licence_front() -> Image.Image:
    """Render the side of a driving licence that shows the portrait, 900 by 568 pixels."""
    side = DocumentPage(specimen.CARD_MM, specimen.CARD_PX_PER_MM)
    side.guilloche(tuple(reversed(specimen.PASSPORT_TINTS)))
    side.panel((0, 0), (85.6, 8.2), (122, 62, 92))
    side.text((4, 1.5), "UTOPIA", 3.2, specimen.BAND, face="Serif-Bold")
    side.text((26, 2.85), "DRIVING LICENCE  ·  PERMIS DE CONDUIRE", 1.6, specimen.BAND, face="Serif")
    side.photograph(specimen.sample_portrait(), (4, 12), (25, 32))
    for row, (label, value) in enumerate(
        (
            ("1. Surname / Nom", IDENTITY.surname.upper()),
            ("2. Given names / Prénoms", IDENTITY.given_names.upper()),
            ("3. Date of birth / Naissance", specimen.day_of(IDENTITY.date_of_birth)),
            ("4a. Date of issue / Délivrance", specimen.day_of(ISSUED)),
            ("4b. Date of expiry / Expiration", specimen.day_of(EXPIRES)),
            ("4d. Licence No / No du permis", LICENCE_NUMBER),
        )
    ):
        side.field((33, 10.2 + 6.8 * row), label, value)
    side.signature((6, 46), (20, 5))
    side.specimen((57, 31), 6.5, angle=18)
    return side.image.resize(CARD_PX, Image.Resampling.LANCZOS)


def licence_back(barcode: Image.Image | None = None) -> Image.Image:
    """Render the other side of the driving licence, 900 by 568 pixels.

    `barcode` is dark on light, a pixel or a few a module; it grows by whole pixels only, so that its bars stay sharp.
    """
    side = DocumentPage(specimen.CARD_MM, specimen.CARD_PX_PER_MM)
    side.guilloche(specimen.PASSPORT_TINTS)
    side.text((5, 3), "9. Categories / Catégories", 1.6, ACCENT)
    for row, category in enumerate(("AM", "B", "BE")):
        side.panel((5, 7 + 6 * row), (75.6, 0.2), ACCENT)
        side.text((6, 8.2 + 6 * row), category, 2.4, face="Sans-Bold")
        side.text((22, 8.2 + 6 * row), specimen.day_of(ISSUED), 2.0)
        side.text((52, 8.2 + 6 * row), specimen.day_of(EXPIRES), 2.0)
    side.specimen((45, 16), 6.5, angle=12)
    side.panel((0, 32), (85.6, 22), specimen.BAND)
    back = side.image.resize(CARD_PX, Image.Resampling.LANCZOS)
    if barcode:
        left, top, width, height = (round(mm * CARD_PX[0] / specimen.CARD_MM[0]) for mm in BARCODE_MM)
        times = max(1, min(width // barcode.width, height // barcode.height))
        whole = barcode.resize((barcode.width * times, barcode.height * times), Image.Resampling.NEAREST)
        back.paste(whole, (left + (width - whole.width) // 2, top + (height - whole.height) // 2))
    return back
