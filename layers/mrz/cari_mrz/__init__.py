"""Read and parse machine-readable zones (ICAO 9303)."""

from cari_core.mrz_dates import PartialDate, birth_date, expiry_date

from .answer import as_answer
from .check_digits import FILLER, check_digit
from .compose import compose, name_field
from .decode import Decoded, decode
from .fallback import FallbackEngine, read_with_fallbacks
from .fusion import fuse
from .layouts import Cell, Layout, layout_of
from .mrz import Check, Fault, Mrz, MrzWarning, NumberCheck
from .parser import parse
from .passporteye_names import named_as_passporteye, valid_score
from .plain_text import lines_of_text
from .reader import load, read
from .reading import MrzReading, Reason
from .repair import Repair
from .transcript import UNREAD, Corners, Transcript

__all__ = [
    "FILLER",
    "UNREAD",
    "Cell",
    "Check",
    "Corners",
    "Decoded",
    "FallbackEngine",
    "Fault",
    "Layout",
    "Mrz",
    "MrzReading",
    "MrzWarning",
    "NumberCheck",
    "PartialDate",
    "Reason",
    "Repair",
    "Transcript",
    "as_answer",
    "birth_date",
    "check_digit",
    "compose",
    "decode",
    "expiry_date",
    "fuse",
    "layout_of",
    "lines_of_text",
    "load",
    "name_field",
    "named_as_passporteye",
    "parse",
    "read",
    "read_with_fallbacks",
    "valid_score",
]
