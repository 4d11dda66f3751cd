"""Specimen documents of a State that does not exist, around a portrait in the public domain.

The portrait is scikit-image's astronaut (NASA, public domain, inside the installed wheel). The bearer, the
numbers and the State (ICAO's UTO, Utopia) are made up. Every check digit is right; each side says SPECIMEN.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageEnhance

from cari_mrz import compose, name_field
from specimens.document_page import ACCENT, DocumentPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from specimens.document_page import Color

PASSPORT_MM = (125.0, 88.0)  # ICAO 9303 part 4
PASSPORT_PX_PER_MM = 10
PASSPORT_MRZ_MM = (15.75, 9.4)  # middles of the lines, from the lower edge
CARD_MM = (85.6, 54.0)  # ICAO 9303 part 5
CARD_PX_PER_MM = 14
CARD_MRZ_MM = (18.0, 11.6, 5.2)

PASSPORT_YEARS, CARD_YEARS = 10, 5
DAYS_IN_USE = 400  # issued so long before today

PASSPORT_TINTS: tuple[Color, ...] = ((104, 142, 198), (204, 132, 146), (112, 176, 152))
CARD_TINTS: tuple[Color, ...] = ((96, 158, 186), (172, 142, 200), (200, 168, 104))
BAND: Color = (250, 249, 245)


@dataclass(frozen=True)
class Identity:
    """Somebody who does not exist."""

    surname: str
    given_names: str
    date_of_birth: date
    place_of_birth: str
    sex: str
    passport_number: str
    card_number: str
    personal_number: str


IDENTITY = Identity(
    surname="Voyager",
    given_names="Stella Nova",
    date_of_birth=date(1986, 11, 19),
    place_of_birth="Amaurot",  # the capital, in More's book
    sex="F",
    passport_number="UX7204913",
    card_number="UD5830267",
    personal_number="861119V482",
)


def sample_portrait() -> Image.Image:
    """Take the photograph of head and shoulders that the bearer's documents show, 210 by 270 pixels."""
    return Image.open(Path(__file__).with_name("portrait.png")).convert("RGB")


def sample_selfie() -> Image.Image:
    """Take the bearer's selfie: nearer than the source's picture, brighter and slightly tilted, as from a phone."""
    tilted = astronaut().rotate(-3, Image.Resampling.BICUBIC, center=(227, 120))
    nearer = tilted.crop((66, 14, 386, 414)).resize((768, 960), Image.Resampling.LANCZOS)
    return ImageEnhance.Color(ImageEnhance.Brightness(nearer).enhance(1.08)).enhance(0.9)


def render_passport(identity: Identity, portrait: Image.Image, today: date) -> Image.Image:
    """Render the data page of a passport that is valid today, 1250 by 880 pixels."""
    issued, expires = _validity(today, PASSPORT_YEARS)
    return passport_page(identity, portrait, issued, expires, passport_lines(identity, expires))


def passport_page(
    identity: Identity, portrait: Image.Image | None, issued: date, expires: date, lines: Sequence[str]
) -> Image.Image:
    """Render a passport's data page that says this and whose MRZ says that; no lines leave the MRZ out."""
    page = DocumentPage(PASSPORT_MM, PASSPORT_PX_PER_MM)
    page.guilloche(PASSPORT_TINTS)
    page.rosette((103, 40), 18, (84, 112, 176))
    page.rosette((103, 40), 9, (186, 110, 126), petals=8)
    page.panel((0, 64.8), (125, 23.2), BAND, opacity=190)
    page.text((6, 2.6), "UTOPIA", 4.4, ACCENT, face="Serif-Bold")
    page.text((36, 4.3), "PASSPORT  ·  PASSEPORT", 2.5, ACCENT, face="Serif")
    page.panel((6, 9.6), (113, 0.25), ACCENT)
    if portrait:
        page.photograph(portrait, (6, 13), (35, 45))
    page.signature((9, 59), (28, 5))
    page.field((46, 11.3), "Type / Type", "P")
    page.field((62, 11.3), "Code / Code", "UTO")
    page.field((86, 11.3), "Passport No / No de passeport", identity.passport_number)
    page.field((46, 18.5), "Surname / Nom", identity.surname.upper())
    page.field((46, 25.7), "Given names / Prénoms", identity.given_names.upper())
    page.field((46, 32.9), "Nationality / Nationalité", "UTOPIAN")
    page.field((86, 32.9), "Personal No / No personnel", identity.personal_number)
    page.field((46, 40.1), "Date of birth / Date de naissance", day_of(identity.date_of_birth))
    page.field((86, 40.1), "Sex / Sexe", identity.sex)
    page.field((46, 47.3), "Place of birth / Lieu de naissance", identity.place_of_birth.upper())
    page.field((46, 54.5), "Date of issue / Date de délivrance", day_of(issued))
    page.field((86, 54.5), "Date of expiry / Date d'expiration", day_of(expires))
    page.specimen((84, 40), 9, angle=18)
    page.mrz(lines, PASSPORT_MRZ_MM[: len(lines)])
    return page.image


def render_card(identity: Identity, portrait: Image.Image, today: date) -> tuple[Image.Image, Image.Image]:
    """Render both sides of an identity card that is valid today: the portrait side, and the one with the MRZ."""
    issued, expires = _validity(today, CARD_YEARS)
    lines = card_lines(identity, expires)
    return card_front(identity, portrait, expires), card_back(identity, issued, lines)


def passport_lines(identity: Identity, expires: date) -> tuple[str, ...]:
    """Compose the passport's MRZ."""
    return compose("TD3", mrz_fields(identity, expires) | {"type": "P", "number": identity.passport_number})


def card_lines(identity: Identity, expires: date) -> tuple[str, ...]:
    """Compose the card's MRZ."""
    optional = {"optional1": identity.personal_number}
    return compose("TD1", mrz_fields(identity, expires) | optional | {"type": "I", "number": identity.card_number})


def mrz_fields(identity: Identity, expires: date) -> dict[str, str]:
    """Name what every MRZ says, as cari_mrz.compose wants it; the number and the type differ by document."""
    return {
        "country": "UTO",
        "nationality": "UTO",
        "name": name_field(identity.surname, identity.given_names),
        "date_of_birth": f"{identity.date_of_birth:%y%m%d}",
        "sex": identity.sex,
        "expiration_date": f"{expires:%y%m%d}",
        "personal_number": identity.personal_number,
    }


def card_front(identity: Identity, portrait: Image.Image, expires: date) -> Image.Image:
    """Render the side of a card that shows the portrait."""
    side = DocumentPage(CARD_MM, CARD_PX_PER_MM)
    side.guilloche(CARD_TINTS)
    side.rosette((70, 36), 13, (130, 150, 190), petals=10)
    side.panel((0, 0), (85.6, 8.2), ACCENT)
    side.text((4, 1.5), "UTOPIA", 3.2, BAND, face="Serif-Bold")
    side.text((26.5, 2.75), "IDENTITY CARD  ·  CARTE D'IDENTITÉ", 1.8, BAND, face="Serif")
    side.photograph(portrait, (4, 12), (25, 32))
    side.field((33, 10.6), "Surname / Nom", identity.surname.upper())
    side.field((33, 17.4), "Given names / Prénoms", identity.given_names.upper())
    side.field((33, 24.2), "Sex / Sexe", identity.sex)
    side.field((47, 24.2), "Nationality / Nationalité", "UTO")
    side.field((33, 31.0), "Date of birth / Naissance", day_of(identity.date_of_birth))
    side.field((33, 37.8), "Date of expiry / Expiration", day_of(expires))
    side.field((33, 44.6), "Document No / No du document", identity.card_number)
    side.signature((6, 46), (20, 5))
    side.specimen((57, 31), 6.5, angle=18)
    return side.image


def card_back(identity: Identity, issued: date, lines: Sequence[str]) -> Image.Image:
    """Render the side of a card that shows the MRZ."""
    side = DocumentPage(CARD_MM, CARD_PX_PER_MM)
    side.guilloche(tuple(reversed(CARD_TINTS)))
    side.rosette((70, 15), 11, (190, 150, 130), petals=9)
    side.panel((0, 31.5), (85.6, 22.5), BAND, opacity=200)
    side.field((5, 4.0), "Place of birth / Lieu de naissance", identity.place_of_birth.upper())
    side.field((5, 10.8), "Authority / Autorité", "SENATE OF AMAUROT")
    side.field((5, 17.6), "Date of issue / Date de délivrance", day_of(issued))
    side.field((44, 17.6), "Personal No / No personnel", identity.personal_number)
    side.specimen((45, 15), 6.5, angle=12)
    side.mrz(lines, CARD_MRZ_MM)
    return side.image


def _validity(today: date, years: int) -> tuple[date, date]:
    """Choose when a document was issued and when it expires."""
    issued = today - timedelta(days=DAYS_IN_USE)
    return issued, date(issued.year + years, issued.month, min(issued.day, 28))


def day_of(day: date) -> str:
    """Write a day as documents print it."""
    return f"{day:%d %b %Y}".upper()


def astronaut() -> Image.Image:
    """Open the picture where scikit-image keeps it, without importing scikit-image."""
    spec = find_spec("skimage")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("scikit-image, which carries the portrait, is not installed")
    return Image.open(Path(spec.origin).parent / "data/astronaut.png").convert("RGB")
