"""The holder's name, which every version of the AAMVA standard writes in another way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cari_barcode.licence import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_NAME = frozenset({"", "NONE", "UNAVL"})  # as the standard writes that there is none, or that it is not known


@dataclass(frozen=True)
class Name:
    """A name as the licence has it; `names` are the given names, separated by single spaces."""

    surname: str | None = None
    names: str | None = None
    suffix: str | None = None


def name_of(elements: Mapping[str, str]) -> tuple[Name, list[Finding]]:
    """Read the name from its parts (DCS or DAB, DAC and DAD or DCT), otherwise from the whole (DAA)."""
    whole, findings = _of_whole(elements.get("DAA", ""))
    surname = _text(elements.get("DCS", "")) or _text(elements.get("DAB", "")) or whole.surname
    given = _joined(elements.get("DAC", ""), elements.get("DAD", "")) or _joined(elements.get("DCT", ""))
    suffix = _joined(elements.get("DCU", "")) or _joined(elements.get("DAE", ""))
    name = Name(surname, given or whole.names, suffix or whole.suffix)
    return name, findings if name.surname is None else []


def _of_whole(text: str) -> tuple[Name, list[Finding]]:
    """Split `LAST,FIRST,MIDDLE,SUFFIX`. Names with only spaces between could be in any order, and stay unread."""
    surname, *rest = [part.strip() for part in re.split(r"[,$@]", text)]
    if not rest:
        return Name(), [Finding("name_not_parted", "DAA")] if surname else []
    first, middle, suffix = (*rest, "", "", "")[:3]
    return Name(_text(surname), _joined(first, middle), _joined(suffix)), []


def _joined(*parts: str) -> str | None:
    words = [word for part in parts if part.upper() not in _NO_NAME for word in re.split(r"[,\s]+", part) if word]
    return " ".join(words) or None


def _text(text: str) -> str | None:
    return None if text.upper() in ("", "UNAVL") else re.sub(r"\s+", " ", text.rstrip(",").strip()) or None
