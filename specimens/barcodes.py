"""The barcodes on the backs of specimen driving licences, a pixel a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from cari_barcode import compose
from cari_barcode.render import render
from specimens.documents import ANOTHER, EXPIRES, ISSUED, LICENCE_NUMBER
from specimens.specimen import IDENTITY

if TYPE_CHECKING:
    from datetime import date

    from specimens.specimen import Identity

JURISDICTION = "CA"  # some member of AAMVA must have issued it: Utopia is none
NO_LICENCE = b"https://utopia.example/parking-permit/4077-1902"
SCRATCHED = (0.3, 0.72)  # from and to, of the barcode's width


def of_bearer() -> Image.Image:
    """Draw what the licence's front says."""
    return _licence(IDENTITY, LICENCE_NUMBER)


def of_another() -> Image.Image:
    """Draw somebody else's licence."""
    return _licence(ANOTHER, "UL11944021")


def incomplete() -> Image.Image:
    """Draw the bearer's licence without the birth date, which the standard asks for."""
    return Image.fromarray(render(_payload(IDENTITY, LICENCE_NUMBER, leave_out="date_of_birth"), 1))


def of_no_licence() -> Image.Image:
    """Draw a barcode that holds no licence."""
    return Image.fromarray(render(NO_LICENCE, 1))


def damaged() -> Image.Image:
    """Draw the bearer's barcode, scratched beyond what its error correction mends."""
    barcode = np.array(of_bearer())
    left, right = (round(share * barcode.shape[1]) for share in SCRATCHED)
    barcode[:, left:right] = 255
    return Image.fromarray(barcode)


def _licence(identity: Identity, number: str) -> Image.Image:
    return Image.fromarray(render(_payload(identity, number), 1))


def _payload(identity: Identity, number: str, *, leave_out: str | None = None) -> bytes:
    fields: dict[str, str | date] = {
        "surname": identity.surname.upper(),
        "names": identity.given_names.upper(),
        "number": number,
        "date_of_birth": identity.date_of_birth,
        "issue_date": ISSUED,
        "expiration_date": EXPIRES,
        "sex": identity.sex,
        "address": "1 HARBOUR ROAD",
        "city": identity.place_of_birth.upper(),
        "postal_code": "000000000",
        "height": "068 in",
    }
    return compose({name: value for name, value in fields.items() if name != leave_out}, jurisdiction=JURISDICTION)
