"""Read and parse machine-readable zones (ICAO 9303)."""

from cari_core.mrz_dates import PartialDate, birth_date, expiry_date

from .answer import as_answer
from .check_digits import FILLER, check_digit
from .compose import compose, name_field
from .decode import Decoded, decode
from .fusion import fuse
from .ladder import TIME_BUDGET_S, Rung, climb
from .layouts import Cell, Layout, layout_of
from .mrz import Check, Fault, Mrz, NumberCheck, Oddity
from .parser import parse
from .passporteye_names import named_as_passporteye, valid_score
from .reader import read
from .reading import MrzReading, Reason
from .repair import Repair
from .text import lines_of_text
from .transcript import UNREAD, Corners, Transcript

__all__ = [
    "FILLER",
    "TIME_BUDGET_S",
    "UNREAD",
    "Cell",
    "Check",
    "Corners",
    "Decoded",
    "Fault",
    "Layout",
    "Mrz",
    "MrzReading",
    "NumberCheck",
    "Oddity",
    "PartialDate",
    "Reason",
    "Repair",
    "Rung",
    "Transcript",
    "as_answer",
    "birth_date",
    "check_digit",
    "climb",
    "compose",
    "decode",
    "expiry_date",
    "fuse",
    "layout_of",
    "lines_of_text",
    "name_field",
    "named_as_passporteye",
    "parse",
    "read",
    "valid_score",
]
