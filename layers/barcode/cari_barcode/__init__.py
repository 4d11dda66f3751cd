"""The barcode on the back of a US or Canadian driving licence: found, decoded, and read by AAMVA's standard."""

from cari_barcode.answer import Reading, as_answer, read_licence
from cari_barcode.compose import compose
from cari_barcode.decode import TIME_BUDGET_S, decode
from cari_barcode.licence import Finding, Licence, NotAamva, Subfile
from cari_barcode.parser import parse
from cari_barcode.symbol import Symbol

__all__ = [
    "TIME_BUDGET_S",
    "Finding",
    "Licence",
    "NotAamva",
    "Reading",
    "Subfile",
    "Symbol",
    "as_answer",
    "compose",
    "decode",
    "parse",
    "read_licence",
]
