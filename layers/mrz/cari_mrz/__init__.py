"""Read and parse machine-readable zones (ICAO 9303)."""

from .check_digits import check_digit
from .dates import PartialDate, birth_date, expiry_date
from .mrz import Check, Fault, Mrz, NumberCheck
from .parser import parse
from .passporteye_names import named_as_passporteye, valid_score

__all__ = [
    "Check",
    "Fault",
    "Mrz",
    "NumberCheck",
    "PartialDate",
    "birth_date",
    "check_digit",
    "expiry_date",
    "named_as_passporteye",
    "parse",
    "valid_score",
]
