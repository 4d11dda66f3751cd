"""What a licence's barcode says, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Country = Literal["USA", "CAN"]
Sex = Literal["M", "F", "X"]


class NotAamva(ValueError):
    """The payload follows no AAMVA standard."""


@dataclass(frozen=True)
class Subfile:
    """One subfile: `DL`, `ID`, `EN`, or a jurisdiction's own `Zx`. Values by element id, as encoded but trimmed."""

    type: str
    elements: Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """Something that is not as the standard has it: a stable code, and the element that it is about."""

    code: str
    element: str | None = None


@dataclass(frozen=True)
class Header:
    """The file's header. `jurisdiction_version` came with version 2; `designated` are the subfiles' types."""

    has_compliance_indicator: bool
    file_type: str
    iin: str
    version: int
    jurisdiction_version: int | None
    entries: int | None
    designated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Licence:
    """A driving licence or identification card, as its barcode has it; None where that says nothing readable.

    `missing` names the mandatory fields that are not there; `truncated` the names that were cut to fit.
    """

    header: Header
    subfiles: tuple[Subfile, ...]
    country: Country | None
    jurisdiction: str | None
    number: str | None
    surname: str | None
    names: str | None
    suffix: str | None
    date_of_birth: date | None
    issue_date: date | None
    expiration_date: date | None
    sex: Sex | None
    address: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    height: str | None
    discriminator: str | None
    truncated: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def version(self) -> int:
        """The standard's version: 1 is of 2000, 10 of 2020; 0 is older than the standard."""
        return self.header.version

    @property
    def elements(self) -> dict[str, str]:
        """Every element of every subfile; an id that several have is the first one's."""
        merged: dict[str, str] = {}
        for subfile in self.subfiles:
            merged = {**subfile.elements, **merged}
        return merged

    @property
    def warnings(self) -> tuple[str, ...]:
        """The findings' codes, each once, sorted."""
        return tuple(sorted({finding.code for finding in self.findings}))
