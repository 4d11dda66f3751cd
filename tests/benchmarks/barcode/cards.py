"""Synthetic backs of licences: a barcode of made-up people on a card, on a desk."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_barcode import compose
from cari_barcode.issuers import JURISDICTIONS
from cari_barcode.render import render

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT = 2000, 1261  # ID-1, 85.60 × 53.98 mm
SYMBOL_WIDTH = 1700  # about 73 mm, as on most licences
SYMBOL_TOP = 150
DESK = 95
PAPER = 222
SURNAMES = ("SPECIMEN", "VOYAGER", "O'NEILL-SMITH", "NUÑEZ", "LÉVESQUE", "VAN DER BERG")
NAMES = ("STELLA NOVA", "JEAN", "MARIA DEL CARMEN", "ALEXANDRA ROSE", "ZOË")


def payload(seed: int) -> bytes:
    """Compose the licence of a made-up person; versions and jurisdictions take turns."""
    chance = random.Random(seed)  # noqa: S311 - samples, no secrets
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(20000))
    issued = date(2018, 1, 1) + timedelta(days=chance.randrange(2500))
    jurisdiction = sorted(JURISDICTIONS)[seed * 7 % len(JURISDICTIONS)]
    fields = {
        "number": f"{chance.choice('ABCDS')}{chance.randrange(10**8):08}",
        "surname": chance.choice(SURNAMES),
        "names": chance.choice(NAMES),
        "date_of_birth": born,
        "issue_date": issued,
        "expiration_date": issued + timedelta(days=1826),
        "sex": chance.choice("MFX"),
        "address": f"{chance.randrange(1, 9999)} SAMPLE STREET APT {chance.randrange(99)}",
        "city": "ANYTOWN",
        "postal_code": f"{chance.randrange(10**5):05}0000",
        "height": f"0{chance.randrange(58, 78)} in",
        "discriminator": f"{chance.randrange(10**18):018}",
        "DAY": "BRO",
        f"Z{jurisdiction[0]}A": "SAMPLE",
    }
    return compose(fields, version=1 + seed % 10, jurisdiction=jurisdiction)


def back(carried: bytes | None) -> NDArray[np.uint8]:
    """Draw a card's back with its barcode, or without, and a magnetic stripe, rules and small print; grey H×W uint8."""
    card = np.full((HEIGHT, WIDTH), PAPER, np.uint8)
    if carried is not None:
        symbol = render(carried, 6)
        height = round(symbol.shape[0] * SYMBOL_WIDTH / symbol.shape[1])
        symbol = cv2.resize(symbol, (SYMBOL_WIDTH, height), interpolation=cv2.INTER_AREA)
        left = (WIDTH - SYMBOL_WIDTH) // 2
        card[SYMBOL_TOP : SYMBOL_TOP + height, left : left + SYMBOL_WIDTH] = 25 + symbol * ((PAPER - 25) / 255)
    for i in range(10):
        line = f"CLASS C   ENDORSEMENTS NONE   RESTRICTIONS {i}  REV 08/29/2017  VOID IF ALTERED"
        cv2.putText(card, line, (120, 760 + 46 * i), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 50, 2, cv2.LINE_AA)
    return card
