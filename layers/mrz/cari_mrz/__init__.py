"""Read and parse machine-readable zones (ICAO 9303)."""

from .answer import as_answer
from .check_digits import FILLER, check_digit
from .compose import compose, name_field
from .dates import PartialDate, birth_date, expiry_date
from .ladder import TIME_BUDGET_S, Rung, read
from .layouts import Cell, Layout, layout_of
from .mrz import Check, Fault, Mrz, NumberCheck
from .parser import parse
from .passporteye_names import named_as_passporteye, valid_score
from .place import Repair
from .reading import MrzReading, Reason
from .settle import Settled, settle
from .text import lines_of_text
from .transcript import UNREAD, Corners, Transcript
from .zones import Zone, ZoneLine, find_zones

__all__ = [
    "FILLER",
    "TIME_BUDGET_S",
    "UNREAD",
    "Cell",
    "Check",
    "Corners",
    "Fault",
    "Layout",
    "Mrz",
    "MrzReading",
    "NumberCheck",
    "PartialDate",
    "Reason",
    "Repair",
    "Rung",
    "Settled",
    "Transcript",
    "Zone",
    "ZoneLine",
    "as_answer",
    "birth_date",
    "check_digit",
    "compose",
    "expiry_date",
    "find_zones",
    "layout_of",
    "lines_of_text",
    "name_field",
    "named_as_passporteye",
    "parse",
    "read",
    "settle",
    "valid_score",
]
