"""Every picture of the specimen set by its file's name, as JPEG."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image, ImageFilter

from specimens import barcodes, captures, documents, selfies, specimen
from specimens.people import LOOKALIKE, bearer, somebody, stranger

if TYPE_CHECKING:
    from collections.abc import Callable

CUT = 0.145  # share of the card's front, half a cheek of its portrait included
PASSPORT_PORTRAIT_MM = (6, 13, 41, 58)  # left, top, right, bottom
SELFIE_QUALITY, DOCUMENT_QUALITY = 78, 66  # of JPEG: the whole set stays below 3 MB


def render(name: str) -> bytes:
    """Render the picture of this name as JPEG."""
    if name in DAMAGED:
        return captures.damaged(render(DAMAGED[name]))
    return _jpeg(PICTURES[name](), SELFIE_QUALITY if name.startswith("selfie") else DOCUMENT_QUALITY)


def names() -> list[str]:
    """Name every picture there is."""
    return sorted([*PICTURES, *DAMAGED])


def _portrait() -> Image.Image:
    return specimen.sample_portrait()


def _as_portrait(selfie: Image.Image) -> Image.Image:
    """Crop the head and shoulders that a document shows, 35 by 45."""
    left, right = round(0.15 * selfie.width), round(0.85 * selfie.width)
    return selfie.crop((left, 0, right, round((right - left) * 45 / 35)))


def _of_a_crowd() -> Image.Image:
    """Show the bearer so small that hardly a pixel is left for an eye."""
    far = Image.new("RGB", (700, 900), (206, 202, 198))
    far.paste(_portrait().resize((118, 152), Image.Resampling.LANCZOS), (294, 640))
    return far


def _covered() -> Image.Image:
    return documents.passport(portrait=selfies.with_label(_enlarged(_portrait())))


def _of_portrait(passport: Image.Image) -> Image.Image:
    """Crop a passport's portrait, and enlarge it to a selfie."""
    scale = passport.width / specimen.PASSPORT_MM[0]
    left, top, right, bottom = (round(scale * mm) for mm in PASSPORT_PORTRAIT_MM)
    return _enlarged(passport.crop((left, top, right, bottom)))


def _on_paper() -> Image.Image:
    """Lay the portrait on a sheet of paper."""
    sheet = Image.new("RGB", (900, 568), (238, 236, 230))
    sheet.paste(_portrait(), (60, 120))
    return sheet


def _enlarged(picture: Image.Image) -> Image.Image:
    return picture.resize((3 * picture.width, 3 * picture.height), Image.Resampling.LANCZOS)


def _levels(picture: Image.Image, least: int, most: int, gamma: float = 1.0) -> Image.Image:
    """Spread a picture's tones between two grey levels; beyond white there is white."""
    return picture.point([min(255, round(least + (most - least) * (level / 255) ** gamma)) for level in range(256)] * 3)


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "selfie.jpg": bearer,
    "selfie-stranger.jpg": stranger,
    "selfie-lookalike.jpg": lambda: stranger(LOOKALIKE),
    "selfie-nobody.jpg": selfies.nobody,
    "selfie-two-people.jpg": selfies.two_people,
    "selfie-bystander.jpg": selfies.bystander,
    "selfie-cut.jpg": selfies.cut,
    "selfie-far.jpg": selfies.far_away,
    "selfie-blurred.jpg": selfies.blurred,
    "selfie-dark.jpg": selfies.dark,
    "selfie-bright.jpg": selfies.bright,
    "selfie-pale.jpg": selfies.pale,
    "selfie-turned.jpg": selfies.turned,
    "selfie-sunglasses.jpg": lambda: selfies.with_sunglasses(bearer()),
    "selfie-mask.jpg": lambda: selfies.with_mask(bearer()),
    "selfie-from-a-screen.jpg": selfies.from_a_screen,
    "selfie-of-portrait.jpg": lambda: _of_portrait(documents.passport()),
    "selfie-of-card.jpg": lambda: documents.card_front(_as_portrait(bearer())),
    "passport.jpg": documents.passport,
    "passport-of-somebody.jpg": lambda: documents.passport(portrait=_as_portrait(somebody())),
    "passport-without-portrait.jpg": documents.passport_without_portrait,
    "passport-without-mrz.jpg": lambda: documents.passport(lines=()),
    "passport-wrong-check-digit.jpg": lambda: documents.passport(lines=documents.wrong_check_digit()),
    "passport-without-expiry.jpg": lambda: documents.passport(lines=documents.without_expiry()),
    "passport-smeared.jpg": lambda: documents.smeared(documents.passport(), (20, 70, 34, 75), 6),
    "passport-altered.jpg": lambda: documents.passport(
        lines=specimen.passport_lines(specimen.IDENTITY, documents.UNALTERED)
    ),
    "passport-expired.jpg": lambda: documents.passport(
        issued=documents.ISSUED.replace(year=2009), expires=documents.EXPIRED
    ),
    "passport-of-the-unborn.jpg": lambda: documents.passport(
        printed=replace(specimen.IDENTITY, date_of_birth=documents.BORN_LATER),
        issued=documents.ISSUED.replace(year=2009),
        expires=documents.EXPIRED,
    ),
    "passport-portrait-small.jpg": lambda: documents.passport(portrait=_of_a_crowd()),
    "passport-portrait-dark.jpg": lambda: documents.passport(portrait=_levels(_portrait(), 0, 130, 4.5)),
    "passport-portrait-bright.jpg": lambda: documents.passport(portrait=_levels(_portrait(), 150, 275, 0.6)),
    "passport-portrait-pale.jpg": lambda: documents.passport(portrait=_levels(_portrait(), 150, 178)),
    "passport-portrait-covered.jpg": _covered,
    "passport-portrait-sunglasses.jpg": lambda: documents.passport(
        portrait=selfies.with_sunglasses(_enlarged(_portrait()))
    ),
    "passport-portrait-turned.jpg": lambda: documents.passport(portrait=selfies.turned()),
    "passport-under-photograph.jpg": lambda: captures.under_a_photograph(
        documents.passport_without_portrait(), _enlarged(_portrait())
    ),
    "portrait-on-paper.jpg": _on_paper,
    "card-front.jpg": documents.card_front,
    "card-front-cut.jpg": lambda: captures.cropped(documents.card_front(), CUT, 0, 1, 1),
    "card-back.jpg": documents.card_back,
    "card-back-of-another.jpg": lambda: documents.card_back(documents.ANOTHER),
    "card-back-far.jpg": lambda: captures.from_far(documents.card_back(), 0.088),
    "card-back-blurred.jpg": lambda: documents.card_back().filter(ImageFilter.GaussianBlur(11)),
    "card-back-dark.jpg": lambda: captures.in_the_dark(documents.card_back(), 0.015),
    "card-back-glare.jpg": lambda: captures.with_glare(documents.card_back(), (0.9, 0.8), (0.4, 0.3)),
    "card-back-cropped.jpg": lambda: captures.cropped(documents.card_back(), 0, 0, 0.85, 1),
    "large-card-front.jpg": documents.large_card_front,
    "licence-front.jpg": documents.licence_front,
    "licence-back.jpg": lambda: documents.licence_back(barcodes.of_bearer()),
    "licence-back-of-another.jpg": lambda: documents.licence_back(barcodes.of_another()),
    "licence-back-damaged.jpg": lambda: documents.licence_back(barcodes.damaged()),
    "licence-back-incomplete.jpg": lambda: documents.licence_back(barcodes.incomplete()),
    "licence-back-no-licence.jpg": lambda: documents.licence_back(barcodes.of_no_licence()),
    "licence-back-without-barcode.jpg": documents.licence_back,
}
DAMAGED = {"selfie-damaged.jpg": "selfie-far.jpg", "passport-damaged.jpg": "passport-portrait-small.jpg"}


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()
