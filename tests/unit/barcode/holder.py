"""A licence in which everything is right; tests change one thing."""

from __future__ import annotations

from datetime import date
from typing import Any

from cari_barcode import compose

FIELDS: dict[str, Any] = {
    "number": "D1234562",
    "surname": "SPECIMEN",
    "names": "ALEXANDRA NOVA",
    "date_of_birth": date(1990, 1, 15),
    "issue_date": date(2024, 7, 15),
    "expiration_date": date(2029, 7, 15),
    "sex": "F",
    "address": "2570 24TH STREET",
    "city": "ANYTOWN",
    "postal_code": "95818",
    "height": "064 in",
    "discriminator": "00/00/0000NNNAN/ANFD/YY",
    "DAY": "BRO",
    "ZCA": "BRN",
}


def payload(version: int = 10, jurisdiction: str = "CA", *, without: str = "", **changes: Any) -> bytes:
    fields = {name: value for name, value in {**FIELDS, **changes}.items() if name != without}
    return compose(fields, version=version, jurisdiction=jurisdiction)
